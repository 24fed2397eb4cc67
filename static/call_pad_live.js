// While the call pad is open, shows what the family texts as it comes. Notes that are being typed
// are never touched. Without JavaScript the button “Save, and show what is new” does the same.
"use strict";
(() => {
  const EVERY = 4000;
  const live = document.querySelector("[data-live]");
  if (!live) return;
  const down = () => { const list = live.querySelector("[role=log]"); list.scrollTop = list.scrollHeight; };
  const put = (there, now) => {
    if (there && now && !there.isEqualNode(now)) there.replaceChildren(...now.childNodes);
  };
  const take = (page) => {
    const fresh = page.querySelector("[data-live]");
    const parts = fresh.querySelectorAll("[data-live-part]");
    live.querySelectorAll("[data-live-part]").forEach((part, place) => {
      part.className = parts[place].className;
      put(part, parts[place]);
    });
    live.dataset.mark = fresh.dataset.mark;
    page.querySelectorAll("[data-theirs]").forEach((now) => {
      const name = now.dataset.theirs;
      put(document.querySelector(`.fv-pad [data-theirs="${name}"]`), now);
      if (!("done" in now.dataset)) return;
      const id = name.replace(/\./g, "-"), prompt = document.getElementById(id);
      if (prompt) prompt.classList.add("fv-prompt--done");
      const dot = document.querySelector(`[data-dot="${id}"]`);
      if (!dot) return;
      dot.classList.add("fv-dot--done");
      dot.querySelector("[data-dot-done]").hidden = false;
    });
    down();
  };
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(`${live.dataset.newAddress}&mark=${live.dataset.mark}`, { redirect: "error" });
    if (answer.status === 200) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  };
  down();
  live.addEventListener("toggle", down);
  setInterval(() => look().catch(() => {}), EVERY);
})();

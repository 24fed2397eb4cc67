// A pretend phone: stay at the newest text, send with Enter, and look for new texts every moment
// where the page has a link that does so. Without JavaScript that link and the buttons are enough.
"use strict";
(() => {
  const texts = () => document.getElementById("texts");
  const newest = () => { const list = texts(); list.scrollTop = list.scrollHeight; };
  const replace = (page, selector) => {
    const there = document.querySelector(selector), now = page.querySelector(selector);
    if (there && now) there.replaceChildren(...now.childNodes);
  };
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("#texts");
    if (!now || now.textContent === texts().textContent) return;
    replace(page, "#texts");
    replace(page, "#now");
    replace(page, "#side");
    newest();
  };
  newest();
  const by_hand = document.querySelector(".fv-phone__look");
  if (by_hand) {
    setInterval(() => look().catch(() => {}), 1500);
    by_hand.hidden = true;
  }
  document.getElementById("body").addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      key.target.form.requestSubmit();
    }
  });
})();

// The pretend phone: look for new texts every moment, and stay at the newest one.
// Without JavaScript the page has a link that does the same.
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
    if (page.querySelectorAll("#texts li").length === texts().querySelectorAll("li").length) return;
    replace(page, "#texts");
    replace(page, "#now");
    newest();
  };
  newest();
  setInterval(() => look().catch(() => {}), 1500);
  document.querySelector(".fv-phone__look").hidden = true;
  document.getElementById("body").addEventListener("keydown", (key) => {
    if (key.key === "Enter" && !key.shiftKey) { key.preventDefault(); key.target.form.requestSubmit(); }
  });
})();

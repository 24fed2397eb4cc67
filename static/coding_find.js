// Finding any code of the book by a part of its name, or of what it means and when it is used.
(function () {
  "use strict";
  const coding = window.fvCoding;
  const DIGITS = "1234567890";
  const NOT_FOUND = 5;
  const finder = document.getElementById("find");
  const box = document.getElementById("find-box");
  const list = document.getElementById("find-list");
  const count = document.getElementById("find-count");
  const options = Array.from(list.querySelectorAll("[data-code]"));
  const found = () => Array.from(list.querySelectorAll("[data-code]:not([hidden])"));

  function rank(option, wanted) {
    const name = option.querySelector("strong").textContent.toLowerCase();
    if (name.startsWith(wanted)) return 0;
    if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    if (name.includes(wanted)) return 2;
    if (option.querySelector(".fv-soft").textContent.toLowerCase().includes(wanted)) return 3;
    return option.dataset.also.toLowerCase().includes(wanted) ? 4 : NOT_FOUND;
  }

  function point(option) {
    options.forEach((each) => each.setAttribute("aria-selected", each === option));
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  // Those that the answer does not offer come first: they are what somebody looks for.
  function filter() {
    const wanted = box.value.trim().toLowerCase();
    const row = coding.marked();
    const others = coding.answerOf(row).dataset.others.split(" ");
    const place = ({ dataset }) => {
      if (coding.isOn(row, dataset.code)) return others.length + 2;
      return others.indexOf(dataset.code) + 1 || others.length + 1;
    };
    options.sort((one, other) => rank(one, wanted) - rank(other, wanted) || place(one) - place(other));
    options.forEach((option) => {
      option.hidden = rank(option, wanted) === NOT_FOUND;
      option.querySelector(".fv-find__on").hidden = !coding.isOn(row, option.dataset.code);
      option.querySelector("kbd").textContent = "";
    });
    list.append(...options);
    const shown = found();
    shown.slice(0, DIGITS.length).forEach((option, n) => {
      option.querySelector("kbd").textContent = DIGITS[n];
    });
    count.textContent = shown.length ? count.dataset.found + " " + shown.length : count.dataset.none;
    point(shown[0]);
  }

  coding.find = (node) => {
    const row = coding.rowFor(node);
    if (row) coding.follow(row);
    if (!coding.marked()) return;
    box.value = "";
    finder.showModal();
    filter();
  };

  function take(option) {
    finder.close();
    coding.later(() => {
      const row = coding.marked();
      if (!row || !option) return;
      row.focus({ preventScroll: true });
      const code = option.dataset.code;
      coding.change(row, coding.isOn(row, code) ? "take_off" : "put", code);
    });
  }

  box.addEventListener("input", filter);
  box.addEventListener("keydown", (event) => {
    const shown = found();
    const at = shown.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") point(shown[Math.min(at + 1, shown.length - 1)]);
    else if (event.key === "ArrowUp") point(shown[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") { if (!event.isComposing) take(shown[at]); }
    else if (DIGITS.includes(event.key)) take(shown[DIGITS.indexOf(event.key)]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-code]");
    if (option) take(option);
  });
})();

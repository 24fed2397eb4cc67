// Memos on the coding page are kept when their box is left: nothing that was typed is lost.
(function () {
  "use strict";
  const coding = window.fvCoding;
  const boxes = () => Array.from(document.querySelectorAll(".fv-memo-box"));
  const wordsOf = (form) => form.querySelector("textarea");
  const isUnsaved = (form) => {
    const words = wordsOf(form).value;
    return words.trim() !== "" && words !== form.dataset.sent;
  };
  let down = false;
  let left = null; // the box that a press of the pointer has left

  coding.unsaved = () => boxes().some(isUnsaved);

  function keep(form) {
    // What was refused and not changed since is not sent again by itself.
    if (!isUnsaved(form) || wordsOf(form).value === wordsOf(form).defaultValue) return;
    form.dataset.sent = wordsOf(form).value;
    coding.submit(form.querySelector("button"));
  }

  function letGo() {
    down = false;
    const form = left;
    left = null;
    if (form) keep(form);
  }

  document.addEventListener("focusout", (event) => {
    const form = event.target.closest(".fv-memo-box");
    const stays = form && event.relatedTarget && form.contains(event.relatedTarget);
    // Another window or a bench that is put in afresh is no leaving.
    if (!form || stays || coding.isSwapping() || !document.hasFocus()) return;
    // Not before the click is through: what it is on would be put in afresh under the pointer.
    if (down) left = form;
    else keep(form);
  });
  document.addEventListener("pointerdown", () => { down = true; }, true);
  document.addEventListener("click", letGo, true);
  document.addEventListener("pointercancel", letGo, true);
  document.addEventListener("pointerup", () => { setTimeout(letGo, 50); }, true);

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest(".fv-memo-box");
    if (!form || !event.target.matches("textarea") || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button"));
    } else if (event.key === "Escape") {
      const row = coding.rowFor(form);
      if (row) coding.mark(row);
      else form.closest("details").querySelector("summary").focus();
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (coding.unsaved()) event.preventDefault();
  });
})();

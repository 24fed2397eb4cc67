// The keys of the coding page. Without this file every key has a button that does the same.
// Keys work only while an answer or a sentence is marked, so they never get in anybody's way.
// What is marked is what has the focus, and the panel always says the same place: `follow`.
(function () {
  "use strict";
  document.documentElement.classList.add("fv-keys");
  const KEYS = /^([0-9=\-asdfghjkl;'#nurm/?]|enter|arrowdown|arrowup)$/;
  // A memo this long is too long anyway, and a browser sends no more after a page has gone.
  const LONGEST_SENT_ON = 10000;
  // One key after the other, each where the one before has left the mark: nobody types too fast.
  let queue = Promise.resolve();
  // What was pressed shows at once, and is sent in its order; the last answer has the whole truth.
  let sending = Promise.resolve();
  let unsent = 0;
  let here = null; // the id of the answer or sentence that is marked
  let byPointer = false;
  let deaf = false; // between `m` and its box, letters are a memo's and no codes
  let swapping = false; // while the bench is being put in, nobody leaves a box

  const bench = () => document.getElementById("bench");
  const help = () => document.getElementById("keys");
  const progress = () => document.getElementById("progress");
  const unitOf = (node) => node && node.closest("[data-unit]");
  const answerOf = (node) => node.closest("[data-answer]");
  const panelOf = (answer) => answer.querySelector("[data-panel]");
  const linesOf = (answer) => Array.from(answer.querySelectorAll(".fv-told-line"));
  const marked = () => document.getElementById(here);
  const codesOn = (row) => row.dataset.codes.split(" ").filter(Boolean);
  const isOn = (row, code) => codesOn(row).includes(code);
  const holds = (row) => codesOn(row).length > 0 || row.hasAttribute("data-none");
  const waits = (answer) => !answer.hasAttribute("data-decided");

  // What a press is about: the row itself, or beside the words the row that the panel is about.
  function rowFor(node) {
    const row = unitOf(node);
    if (!row || !node.closest("[data-panel], [data-memo]")) return row;
    const answer = answerOf(row);
    const id = panelOf(answer).querySelector("[name=sentence]").value;
    return (id && answer.querySelector('[data-sentence="' + id + '"]')) || answer;
  }

  // Lets the panel be about this row: its title, which codes are on, and where a press goes.
  function about(row) {
    const answer = answerOf(row);
    const panel = panelOf(answer);
    panel.querySelector("[name=sentence]").value = row.dataset.sentence;
    panel.querySelector("[data-title-of]").textContent = row.dataset.title;
    panel.querySelectorAll(".fv-code-list .fv-code").forEach((code) => {
      const on = isOn(row, code.value);
      code.name = on ? "take_off" : "put";
      code.setAttribute("aria-pressed", on);
    });
    panel.querySelector("[name=none]").setAttribute("aria-pressed", row.hasAttribute("data-none"));
    panel.querySelector("[data-back]").hidden = !row.dataset.sentence;
    // A memo that is being written stays about what it was begun on.
    if (!answer.querySelector("[data-memo] textarea").value) {
      answer.querySelector("[name=memo-about]").value = row.dataset.about;
    }
    linesOf(answer).forEach((line) => {
      line.classList.toggle("fv-told-line--chosen", line === row);
      if (line === row) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    });
  }

  function follow(row) {
    const answer = answerOf(row);
    // What was said about one answer is not left standing over another.
    if (marked() && answerOf(marked()) !== answer) {
      told().forEach((each) => each.remove());
    }
    here = row.id;
    document.querySelectorAll("[data-panel]").forEach((panel) => {
      panel.open = answer.contains(panel);
      if (!panel.open && panel.querySelector("[name=sentence]").value) about(answerOf(panel));
    });
    about(row);
  }

  function mark(row, block) {
    follow(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: block || "nearest" });
  }

  // What somebody has begun to write stays, and what they opened stays open.
  function keepTyped(old, fresh, sent) {
    old.querySelectorAll("details[id]").forEach((details) => {
      const same = fresh.querySelector("#" + details.id);
      if (same && !(details.hasAttribute("data-memo") && details.contains(sent))) {
        same.open = same.open || details.open;
      }
    });
    old.querySelectorAll("textarea, #done-took").forEach((field) => {
      // A box that is shown again because its words were refused goes by another id.
      const place = field.matches("textarea") ? field.closest("details").id + " textarea" : field.id;
      const same = fresh.querySelector("#" + place);
      const begun = field.matches("textarea") ? "" : field.defaultValue;
      const typed = field.value !== begun && field.value !== field.form.dataset.sent;
      if (!same || !typed) return;
      same.value = field.value;
      same.setSelectionRange(field.selectionStart, field.selectionEnd);
      const [was, now] = [field, same].map((each) => each.form.querySelector("select"));
      if (was && now) now.value = was.value;
      if (same.closest("details")) same.closest("details").open = true;
    });
  }

  const told = () => Array.from(progress().querySelectorAll(".fv-just-now"));

  function say(words, unseen) {
    const news = document.createElement("span");
    news.className = unseen ? "fv-just-now govuk-visually-hidden" : "fv-just-now";
    news.textContent = words + " ";
    if (unseen) {
      progress().append(news);
    } else {
      told().forEach((each) => each.remove());
      progress().prepend(news);
    }
  }

  function swap(html, sent) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("bench") || page.body;
    const words = fresh.querySelector("#progress");
    if (!words) {
      failed(sent);
      return;
    }
    const old = bench();
    const live = progress();
    const asked = Array.from(old.querySelectorAll(".fv-asked"), (each) => each.id);
    const focused = document.activeElement && document.activeElement.id;
    keepTyped(old, fresh, sent);
    // The live region itself stays, so that its new words are read out.
    words.replaceWith(live);
    live.replaceChildren(...words.childNodes);
    swapping = true;
    old.replaceChildren(...fresh.childNodes);
    swapping = false;
    old.querySelectorAll(".fv-asked").forEach((each) => {
      if (!asked.includes(each.id)) say(each.querySelector("[data-heard]").textContent, true);
    });
    const wrong = document.querySelector(".govuk-error-summary");
    if (marked()) follow(marked());
    const again = wrong || (focused && document.getElementById(focused)) || marked();
    if (again) again.focus({ preventScroll: !wrong });
  }

  // The connection or the sign-in is gone. Words that are not kept yet stay in their box.
  function failed(form) {
    delete form.dataset.sent;
    if (coding.unsaved()) say(bench().dataset.failed);
    else window.location.reload();
  }

  function busy() {
    bench().setAttribute("aria-busy", unsent > 0);
  }

  function post(form, body) {
    return fetch(form.action, {
      method: "POST",
      body,
      headers: { "X-Coding": "1" },
      credentials: "same-origin",
      keepalive: String(body.get("memo-text") || "").length < LONGEST_SENT_ON,
    }).then((answer) => answer.text().then((html) => [answer.ok, html])).catch(() => null)
      .then((came) => {
        unsent -= 1;
        busy();
        if (!came) failed(form);
        else if (unsent === 0 || !came[0]) swap(came[1], form);
      });
  }

  function send(form, body) {
    unsent += 1;
    busy();
    sending = sending.then(() => post(form, body));
    return sending;
  }

  function submit(button) {
    const body = new FormData(button.form);
    if (button.name) body.set(button.name, button.value);
    return send(button.form, body);
  }

  function show(row, codes, none) {
    row.dataset.codes = codes.join(" ");
    row.toggleAttribute("data-none", none);
  }

  // Shows what a press will do to a row, and sends it.
  function change(row, name, code) {
    about(row);
    const answer = answerOf(row);
    const lines = linesOf(answer);
    const form = panelOf(answer).querySelector("form");
    const body = new FormData(form);
    body.set(name, code);
    const others = codesOn(row).filter((each) => each !== code);
    if (name === "none") {
      if (row === answer) lines.forEach((line) => show(line, [], false));
      show(row, [], true);
    } else {
      if (name === "put") answer.removeAttribute("data-none");
      show(row, name === "put" ? others.concat(code) : others, false);
    }
    answer.toggleAttribute("data-decided", holds(answer) || lines.every(holds)
      || lines.some((line) => codesOn(line).length > 0));
    about(row);
    send(form, body);
  }

  function next(from) {
    const answers = Array.from(document.querySelectorAll("[data-answer]"));
    const place = answers.indexOf(from);
    const after = answers.slice(place + 1);
    const target = after.concat(answers.slice(0, place)).find(waits) || after[0];
    if (target) mark(target, "start");
    else document.getElementById("finish").focus();
  }

  // From a sentence to the next of its answer with nothing on it, from an answer to the next that
  // waits. Where the whole answer has something, no sentence above is gone back to.
  function goOn() {
    const row = marked();
    const answer = answerOf(row);
    const lines = linesOf(answer);
    const at = lines.indexOf(row);
    const ahead = lines.slice(at + 1).concat(holds(answer) ? [] : lines.slice(0, at));
    const empty = row === answer ? null : ahead.find((line) => !holds(line));
    if (empty) mark(empty);
    else next(answer);
  }

  function step(row, by) {
    const rows = Array.from(document.querySelectorAll("[data-unit]"));
    const to = rows[rows.indexOf(row) + by];
    if (to) mark(to);
  }

  function undo(id) {
    return submit(document.getElementById(id)).then(() => {
      const row = document.getElementById(document.getElementById("bar").dataset.at);
      if (row) mark(row);
    });
  }

  function press(row, key) {
    const codes = Array.from(panelOf(answerOf(row)).querySelectorAll("[data-key]"));
    const button = codes.find((code) => code.dataset.key === key || code.dataset.go === key);
    if (!button) return;
    here = row.id;
    const code = button.value;
    if (key === "n") {
      change(row, "none", code);
    } else if (button.dataset.key === key) {
      change(row, isOn(row, code) ? "take_off" : "put", code);
      return;
    } else if (!isOn(row, code)) {
      change(row, "put", code);
    }
    goOn();
  }

  function memo(row) {
    follow(row);
    const details = answerOf(row).querySelector("[data-memo]");
    details.open = true;
    details.querySelector("textarea").focus();
  }

  function act(key, node) {
    const row = rowFor(node) || marked();
    if (key === "u" || key === "r") return undo(key === "u" ? "undo" : "redo");
    if (!row) return null;
    if (key === "enter") return next(answerOf(row));
    if (key === "arrowdown" || key === "arrowup") return step(row, key === "arrowdown" ? 1 : -1);
    if (key === "m") return memo(row);
    return press(row, key);
  }

  function helps(open) {
    const from = help().contains(document.activeElement);
    help().open = open;
    if (open) help().querySelector("summary").focus({ preventScroll: true });
    else if (from && marked()) mark(marked());
  }

  document.addEventListener("keydown", (event) => {
    byPointer = false;
    let node = event.target;
    const key = event.key.toLowerCase();
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!bench().contains(node) || node.matches("textarea, input, select")) return;
    if (help().open && (key === "escape" || key === "?")) {
      event.preventDefault();
      helps(false);
      return;
    }
    if (!KEYS.test(key)) return;
    if (help().contains(node) && help().open && !/^(enter|arrow)/.test(key)) {
      helps(false);
      node = document.activeElement;
    }
    // At the end and among the buttons above, only the keys that need no mark.
    if (!unitOf(node) && !(/^[ur?]$/.test(key) && node.closest("#finish, #bar"))) return;
    if (/^(enter|arrow)/.test(key) && !node.hasAttribute("data-unit")) return;
    event.preventDefault();
    if (deaf) return;
    help().open = false;
    if (key === "?") {
      helps(true);
    } else if (key === "/") {
      coding.find(node);
    } else {
      deaf = key === "m";
      queue = queue.then(() => act(key, document.activeElement))
        .finally(() => { if (key === "m") deaf = false; });
    }
  });

  document.addEventListener("pointerdown", () => { byPointer = true; }, true);

  document.addEventListener("focusin", (event) => {
    const node = event.target;
    const row = bench().contains(node) && rowFor(node);
    // A panel that is clicked opens by itself: opened here as well, the click would shut it.
    if (row && !(byPointer && node.matches("[data-panel] > summary"))) follow(row);
  });

  document.addEventListener("click", (event) => {
    const node = event.target;
    if (node.closest("[data-find]")) {
      coding.find(node);
    } else if (node.closest("[data-panel]:not([open]) > summary")) {
      event.preventDefault();
      follow(rowFor(node));
    } else if (node.closest("[data-back]")) {
      event.preventDefault();
      // Who came by Tab is among the codes already and stays there.
      const answer = answerOf(node);
      follow(answer);
      (event.detail ? answer : panelOf(answer).querySelector("summary")).focus();
    } else if (node.closest(".fv-told-line__code")) {
      event.preventDefault();
      mark(unitOf(node));
    } else if (node.closest("[data-to]")) {
      event.preventDefault();
      mark(document.getElementById(node.closest("[data-to]").dataset.to));
    } else if (node.closest("[data-next]")) {
      event.preventDefault();
      queue = queue.then(() => next(answerOf(node)));
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-press]") || !event.submitter) return;
    event.preventDefault();
    const button = event.submitter;
    const isMemo = form.matches(".fv-memo-box");
    const row = isMemo && unitOf(form) && rowFor(form);
    const words = isMemo && form.querySelector("textarea").value;
    // It was sent when its box was left.
    const isSent = words && words === form.dataset.sent;
    if (isMemo) form.dataset.sent = words;
    queue = queue
      .then(() => (/^(undo|redo)$/.test(button.id) ? undo(button.id) : isSent || submit(button)))
      .then(() => {
        const again = row && document.getElementById(row.id);
        if (again && !document.querySelector(".govuk-error-summary")) mark(again);
      });
  });

  // For static/coding_find.js and static/coding_memos.js, which put in `find` and `unsaved`.
  const coding = {
    answerOf, change, follow, isOn, mark, marked, rowFor, submit,
    isSwapping: () => swapping,
    later: (what) => { queue = queue.then(what); },
  };
  window.fvCoding = coding;

  // The keys work at once: the first answer that waits is marked, unless the address names a place
  // or something is to be put right first.
  const first = Array.from(document.querySelectorAll("[data-answer]")).find(waits);
  const elsewhere = window.location.hash || document.querySelector(".govuk-error-summary");
  if (first && !elsewhere) first.focus({ preventScroll: true });
  else if (rowFor(document.activeElement)) follow(rowFor(document.activeElement));
})();

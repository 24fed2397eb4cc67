// The keys of the coding page. Without this file every key has a button that does the same.
// Keys work only while an answer or a sentence is focused, so they never get in anybody's way.
(function () {
  "use strict";
  document.documentElement.classList.add("fv-keys");
  let queue = Promise.resolve();

  const bench = () => document.getElementById("bench");
  const unitOf = (node) => node.closest("[data-unit]");
  const answerOf = (node) => node.closest("[data-answer]");

  function swap(html, address) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("bench");
    if (!fresh) {
      window.location.assign(address);
      return;
    }
    const old = bench();
    const focused = document.activeElement && document.activeElement.id;
    const took = old.querySelector('[name="done-took"]');
    old.querySelectorAll("details[data-panel]").forEach((details, n) => {
      const same = fresh.querySelectorAll("details[data-panel]")[n];
      if (same) {
        same.open = details.open;
        const inner = details.querySelector("details");
        const sameInner = same.querySelector("details");
        if (inner && sameInner) sameInner.open = inner.open;
      }
    });
    const kept = fresh.querySelector('[name="done-took"]');
    if (took && kept && took.value !== took.defaultValue) kept.value = took.value;
    // The live region itself stays, so that its new words are read out.
    const progress = document.getElementById("progress");
    const words = fresh.querySelector("#progress");
    old.replaceChildren(...fresh.childNodes);
    const place = document.getElementById("progress");
    if (progress && place) {
      place.replaceWith(progress);
      progress.replaceChildren(...words.childNodes);
    }
    const again = focused && document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
  }

  function send(body) {
    return fetch(bench().dataset.post, {
      method: "POST",
      body,
      headers: { "X-Coding": "1" },
      credentials: "same-origin",
    }).then((answer) => answer.text().then((html) => swap(html, answer.url)))
      .catch(() => window.location.reload());
  }

  function press(node, key) {
    const answer = answerOf(node);
    const button = answer.querySelector('[data-key="' + key + '"]');
    if (!button) return null;
    const body = new FormData(button.form);
    if (node.closest("[data-panel]")) {
      body.set(button.name, button.value);
      return body;
    }
    // On a row the key is about that row, whatever the panel is about.
    const row = unitOf(node);
    const isOn = row.dataset.codes.split(" ").includes(button.value);
    body.set("sentence", row.dataset.sentence || "");
    body.set(key === "n" ? "none" : isOn ? "take_off" : "put", button.value);
    return body;
  }

  function open(answer) {
    document.querySelectorAll("details[data-panel]").forEach((details) => {
      details.open = answer.contains(details);
    });
  }

  function next(from) {
    const answers = Array.from(document.querySelectorAll("[data-answer]"));
    const place = answers.indexOf(from);
    const rest = answers.slice(place + 1).concat(answers.slice(0, place));
    const target = rest.find((answer) => !answer.hasAttribute("data-decided"));
    if (target) {
      open(target);
      target.focus();
      target.scrollIntoView({ block: "start" });
    } else {
      const took = document.querySelector('[name="done-took"]');
      if (took) took.focus();
    }
  }

  function step(from, by) {
    const rows = Array.from(document.querySelectorAll("[data-unit]"));
    const row = rows[rows.indexOf(unitOf(from)) + by];
    if (row) row.focus();
  }

  function undo(id) {
    const button = document.getElementById(id);
    const body = new FormData(button.form);
    body.set(button.name, button.value);
    return send(body);
  }

  function act(key, node) {
    if (!node || !unitOf(node)) return null;
    if (key === "enter") return next(answerOf(node));
    if (key === "arrowdown" || key === "arrowup") return step(node, key === "arrowdown" ? 1 : -1);
    if (key === "u" || key === "r") return undo(key === "u" ? "undo" : "redo");
    const body = press(node, key);
    return body ? send(body) : null;
  }

  document.addEventListener("keydown", (event) => {
    const node = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!bench() || !bench().contains(node) || !unitOf(node)) return;
    if (node.matches("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    const moves = /^(enter|arrowdown|arrowup)$/.test(key) && node.hasAttribute("data-unit");
    if (!moves && !/^[0-9nur]$/.test(key)) return;
    event.preventDefault();
    // One after the other, each where the one before has left the focus: nobody types too fast.
    queue = queue.then(() => act(key, document.activeElement));
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-press]") || !event.submitter) return;
    event.preventDefault();
    const body = new FormData(event.target);
    body.set(event.submitter.name, event.submitter.value);
    queue = queue.then(() => send(body));
  });

  // The keys work at once: the first answer that waits is marked, unless the address names a place
  // or something is to be put right first.
  const waits = document.querySelector("[data-answer]:not([data-decided])");
  const elsewhere = window.location.hash || document.querySelector(".govuk-error-summary");
  if (waits && !elsewhere) waits.focus({ preventScroll: true });
})();

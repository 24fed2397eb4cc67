// Saves the call pad while one types. The page works without it: this only presses the button sooner.
// What is not saved yet is held in the page's memory alone, never on the device, and sent when the
// connection, the computer or the sign-in is back.
"use strict";
(() => {
  const form = document.querySelector("[data-pad]");
  if (!form) return;
  const PAUSE = 700, LONGEST_WAIT = 5000, FIRST_RETRY = 2000, LAST_RETRY = 15000;
  // A request that is to outlive the page may not be larger.
  const OUTLIVES = 60000;
  const words = form.dataset;
  const bar = form.querySelector("[data-bar-state]"), aloud = form.querySelector("[data-bar-aloud]");
  const signIn = form.querySelector("[data-sign-in-link]"), known = form.querySelector("[data-marks-known]");
  const things = [];
  let leaving = false, signedOut = false, somebodyElse = false, said = bar.textContent;

  // --- what can be saved: a note, or a mark -----------------------------------------------------

  const thing = (parts) => {
    const it = { dirty: false, sending: false, failed: false, stuck: "", retry: FIRST_RETRY, since: 0, timer: 0, ...parts };
    things.push(it);
    return it;
  };

  const note = (element) => {
    // Two versions are shown: which should stand is chosen, and sent by the button.
    if (element.querySelector('[name$=".choose"]')) return;
    const key = element.dataset.note, state = element.querySelector("[data-state]"), ids = element.querySelector("[data-known]");
    const field = (name) => form.elements[`n.${key}.${name}`];
    const parts = () => ["prompt", "words", "manner", "speaker"].filter(field).map((name) => [`n.${key}.${name}`, field(name).value]);
    let sent = "", name = "", saved = false;
    const it = thing({
      address: words.noteAddress,
      body() {
        const now = JSON.stringify(parts());
        // Every id this note may have got: if the answer is lost on the way, it is still one note.
        if (now !== sent || !name) {
          [sent, name] = [now, newId()];
          ids.value += "," + name;
        }
        return [["note[]", key], ...parts(), [`n.${key}.known`, ids.value], [`n.${key}.as`, name]];
      },
      done(told) {
        [saved, name] = [true, ""];
        if (told.id && !ids.value.includes(told.id)) ids.value += "," + told.id;
        tick(element, told.done);
      },
      tell(what) { state.textContent = what; },
    });
    const changed = () => {
      // Whose words it is matters only once there are words.
      if (field("words").value.trim() || it.dirty || saved || ids.value !== key || state.textContent) touched(it);
    };
    element.addEventListener("input", changed);
    element.addEventListener("change", changed);
  };

  const mark = (box) => {
    const it = thing({
      address: words.markAddress,
      body: () => [["mark", box.value], ["on", box.checked ? "yes" : "no"]],
      done() {
        const standing = new Set(known.value.split(",").filter(Boolean));
        if (box.checked) standing.add(box.value); else standing.delete(box.value);
        known.value = [...standing].join(",");
      },
      tell() {},
    });
    box.addEventListener("change", () => {
      const prompt = box.closest("[data-prompt]");
      if (prompt) dot(prompt.id, "later", box.checked);
      touched(it, 0);
    });
  };

  // --- saving -----------------------------------------------------------------------------------

  const touched = (it, wait = PAUSE) => {
    if (it.stuck) return;
    if (!it.dirty) it.since = Date.now();
    it.dirty = true;
    it.tell(words.typing);
    report();
    later(it, Math.max(0, Math.min(wait, it.since + LONGEST_WAIT - Date.now())));
  };

  const later = (it, wait) => {
    clearTimeout(it.timer);
    it.timer = setTimeout(() => send(it), wait);
  };

  const again = (it) => {
    it.failed = true;
    it.tell(words.typing);
    later(it, it.retry);
    it.retry = Math.min(it.retry * 2, LAST_RETRY);
    report();
  };

  const send = async (it, outlive = false) => {
    if (it.sending || !it.dirty || it.stuck) return;
    if (!navigator.onLine) return again(it);
    const token = form.elements.csrf_token.value;
    const body = new URLSearchParams([["csrf_token", token], ...it.body()]).toString();
    [it.sending, it.dirty] = [true, false];
    report();
    let answer, told;
    try {
      answer = await fetch(it.address, {
        method: "POST", body, credentials: "same-origin", redirect: "manual", keepalive: outlive && body.length < OUTLIVES,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.status === 200 || answer.status === 409) told = await answer.json();
    } catch { /* the connection is gone: it is tried again */ }
    it.sending = false;
    if (answer && answer.status === 401) [signedOut, somebodyElse, it.dirty] = [true, false, true];
    else if (!told) it.dirty = true;
    else if (answer.status === 200) return well(it, told);
    else if (told.problem === "form" && told.token) return otherSitting(it, told, token);
    else {
      [it.stuck, it.dirty] = [told.said, true];
      it.tell(told.said);
      return report();
    }
    again(it);
  };

  const well = (it, told) => {
    [it.failed, it.retry, signedOut, somebodyElse] = [false, FIRST_RETRY, false, false];
    said = told.said;
    it.done(told);
    if (it.dirty) touched(it);
    else it.tell(told.said);
    things.forEach((each) => { if (each !== it && each.failed) later(each, 0); });
    report();
  };

  // They have signed in again: the page takes the new sitting's token, if it is the same person.
  const otherSitting = (it, told, refused) => {
    it.dirty = true;
    [somebodyElse, signedOut] = [told.who !== words.who, false];
    if (somebodyElse || refused === told.token) return again(it);
    document.querySelectorAll('[name="csrf_token"]').forEach((field) => { field.value = told.token; });
    send(it);
  };

  const flush = (outlive) => things.forEach((it) => { if (it.dirty) { clearTimeout(it.timer); send(it, outlive); } });
  const back = () => things.forEach((it) => { if (it.dirty) { it.retry = FIRST_RETRY; later(it, 0); } });

  // --- what is shown ----------------------------------------------------------------------------

  const report = () => {
    const stuck = things.find((it) => it.stuck);
    const trouble = somebodyElse ? words.otherPerson
      : signedOut ? words.signedOut
      : stuck ? stuck.stuck
      : things.some((it) => it.failed) ? words.unsaved : "";
    const waiting = things.some((it) => it.dirty || it.sending);
    put(bar, trouble || (waiting ? words.saving : said));
    // Read out: trouble, and that it is over. Not every pause in typing.
    if (trouble) put(aloud, trouble);
    else if (!waiting && aloud.textContent) put(aloud, said);
    bar.classList.toggle("fv-bar__state--trouble", Boolean(trouble));
    const link = signedOut || somebodyElse;
    if (signIn.hidden === link) {
      signIn.hidden = !link;
      if (link) [signIn.href, signIn.textContent] = [words.signInAddress, words.signIn];
    }
  };

  const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  const tick = (element, done) => {
    const prompt = element.closest("[data-prompt]");
    if (!prompt) return;
    prompt.classList.toggle("fv-prompt--done", done);
    put(prompt.querySelector("[data-done]"), done ? words.written + " " : "");
    dot(prompt.id, "done", done);
  };

  const dot = (id, what, on) => {
    const found = form.querySelector(`[data-dot="${id}"]`);
    if (!found) return;
    found.classList.toggle(`fv-dot--${what}`, on);
    found.querySelector(`[data-dot-${what}]`).hidden = !on;
  };

  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  };

  // --- when -------------------------------------------------------------------------------------

  form.querySelectorAll("[data-note]").forEach(note);
  form.querySelectorAll("[data-mark]").forEach(mark);
  form.addEventListener("submit", () => {
    leaving = true;
    things.forEach((it) => clearTimeout(it.timer));
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  ["online", "focus"].forEach((name) => window.addEventListener(name, back));
  document.addEventListener("resume", back);
  // The lid closes, the tab is left: there may be no later.
  document.addEventListener("visibilitychange", () => { if (document.hidden && !leaving) flush(true); else back(); });
  window.addEventListener("pagehide", () => { if (!leaving) flush(true); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "s") {
      event.preventDefault();
      flush(false);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !things.some((it) => it.dirty || it.sending)) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();

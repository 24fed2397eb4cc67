// Saves the call pad while one types. The page works without it: this only presses the button sooner.
// Words are held in the page's memory alone, never on the device.
(function () {
  "use strict";
  var form = document.querySelector("[data-pad]");
  if (!form || !window.fetch || !window.URLSearchParams) return;

  var PAUSE = 700, FIRST_RETRY = 2000, LAST_RETRY = 15000;
  var bar = form.querySelector("[data-bar-state]");
  var boxes = Array.prototype.map.call(form.querySelectorAll("[data-note]"), Box);
  var leaving = false;

  function Box(element) {
    var box = {
      element: element,
      key: element.getAttribute("data-note"),
      state: element.querySelector("[data-state]"),
      known: element.querySelector("[data-known]"),
      timer: null, sending: false, dirty: false, stuck: "", retry: FIRST_RETRY
    };
    // Two versions are shown: which should stand is chosen, and sent by the button.
    if (element.querySelector('[name$=".choose"]')) return box;
    element.addEventListener("input", function () { changed(box); });
    element.addEventListener("change", function () { changed(box); });
    return box;
  }

  function field(box, name) { return form.elements["n." + box.key + "." + name]; }

  function changed(box) {
    if (box.stuck) return;
    var words = field(box, "words").value;
    // Whose words it is matters only once there are words.
    if (!words.trim() && !box.dirty && !box.saved && box.known.value === box.key && !box.state.textContent) return;
    box.dirty = true;
    tell(box, form.getAttribute("data-typing"), false);
    later(box, PAUSE);
  }

  function later(box, wait) {
    clearTimeout(box.timer);
    box.timer = setTimeout(function () { send(box); }, wait);
  }

  function send(box) {
    if (box.sending || !box.dirty || box.stuck) return;
    box.sending = true;
    box.dirty = false;
    var name = newId();
    var body = new URLSearchParams();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("note[]", box.key);
    ["prompt", "words", "manner", "speaker"].forEach(function (part) {
      var input = field(box, part);
      if (input) body.set("n." + box.key + "." + part, input.value);
    });
    // Every id this note may have got: if the answer is lost on the way, it is still one note.
    box.known.value += "," + name;
    body.set("n." + box.key + ".known", box.known.value);
    body.set("n." + box.key + ".as", name);
    tell(box, form.getAttribute("data-saving"), false);
    fetch(form.getAttribute("data-note-address"), {
      method: "POST", body: body, credentials: "same-origin", redirect: "manual",
      headers: { Accept: "application/json" }
    }).then(function (answer) {
      if (answer.status === 200 || answer.status === 409) {
        return answer.json().then(function (told) { settle(box, answer.status === 200, told); });
      }
      if (answer.status === 401) return settle(box, false, { said: form.getAttribute("data-signed-out") });
      throw new Error(String(answer.status));
    }).catch(function () {
      box.sending = false;
      box.dirty = true;
      tell(box, form.getAttribute("data-unsaved"), true);
      later(box, box.retry);
      box.retry = Math.min(box.retry * 2, LAST_RETRY);
    });
  }

  function settle(box, well, told) {
    box.sending = false;
    box.retry = FIRST_RETRY;
    if (!well) {
      box.stuck = told.said;
      box.dirty = true;
      tell(box, told.said, true);
      return;
    }
    box.saved = true;
    if (told.id && box.known.value.indexOf(told.id) < 0) box.known.value += "," + told.id;
    tick(box, told.done);
    if (box.dirty) later(box, PAUSE);
    else tell(box, told.said, false);
  }

  function tick(box, done) {
    var prompt = box.element.closest("[data-prompt]");
    if (!prompt) return;
    prompt.classList.toggle("fv-prompt--done", done);
    prompt.querySelector("[data-done]").textContent = done ? form.getAttribute("data-written") + " " : "";
    var dot = form.querySelector('[data-dot="' + prompt.id + '"]');
    if (dot) dot.classList.toggle("fv-dot--done", done);
  }

  function tell(box, words, trouble) {
    box.state.textContent = words;
    var worst = boxes.filter(function (each) { return each.stuck; })[0];
    // The bar is read out: only say what is new, and trouble before all else.
    var all = worst ? worst.stuck : words;
    if (!worst && !trouble && boxes.some(function (each) { return each.dirty || each.sending; })) {
      all = bar.textContent && bar.classList.contains("fv-bar__state--trouble") ? bar.textContent : form.getAttribute("data-saving");
    }
    if (bar.textContent !== all) bar.textContent = all;
    bar.classList.toggle("fv-bar__state--trouble", Boolean(worst) || trouble);
  }

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    return Array.prototype.map.call(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  }

  form.addEventListener("submit", function () {
    leaving = true;
    boxes.forEach(function (box) { clearTimeout(box.timer); });
  });
  window.addEventListener("pageshow", function () { leaving = false; });
  window.addEventListener("online", function () {
    boxes.forEach(function (box) { if (box.dirty) later(box, 0); });
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && boxes.some(function (box) { return box.dirty || box.sending; })) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
})();

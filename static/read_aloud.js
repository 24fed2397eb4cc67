// Reads the page aloud when asked to: only where the device itself has a voice for the language, so
// that nothing leaves it. Without that, or without scripts, there is no button.
(() => {
  const here = document.currentScript;
  const speech = window.speechSynthesis;
  const main = document.querySelector(".fv-column");
  if (!speech || !main) return;
  const short = (code) => code.toLowerCase().split(/[-_]/)[0];
  const voiceFor = (code) =>
    speech.getVoices().find((each) => each.localService && short(each.lang) === short(code));
  const parts = "h1, h2, h3, legend, label, p, li, .govuk-hint, .fv-tile > span";
  let button;
  const say = (words) => (button.textContent = words);
  const stop = () => {
    if (!button) return;
    speech.cancel();
    say(here.dataset.read);
  };
  const read = () => {
    if (speech.speaking) return stop();
    const waiting = [...main.querySelectorAll(parts)].filter(
      (each) => each.offsetParent && !each.parentElement.closest(parts) && !each.contains(button),
    );
    say(here.dataset.stop);
    for (const each of waiting) {
      const inside = each.querySelector("[lang]") || each;
      const voice = voiceFor(inside.closest("[lang]").lang);
      if (!voice) continue;
      const words = new SpeechSynthesisUtterance(each.innerText);
      [words.voice, words.lang, words.rate] = [voice, voice.lang, 0.9];
      if (each === waiting[waiting.length - 1]) words.onend = stop;
      speech.speak(words);
    }
  };
  const offer = () => {
    if (button || !voiceFor(document.documentElement.lang)) return;
    button = document.createElement("button");
    button.type = "button";
    button.className = "fv-plain-button fv-read";
    button.addEventListener("click", read);
    say(here.dataset.read);
    main.prepend(button);
  };
  offer();
  speech.addEventListener("voiceschanged", offer);
  addEventListener("pagehide", stop);
})();

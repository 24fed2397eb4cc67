// Passkeys: ask the server what to ask the browser, ask it, and send its answer as the form's.
// Without JavaScript, or in a browser that knows no passkeys, the page's own sentence stays instead.
"use strict";
(() => {
  const known = window.PublicKeyCredential;
  if (!known || !known.parseCreationOptionsFromJSON || !known.parseRequestOptionsFromJSON) return;
  const ask = {
    create: (options) => navigator.credentials.create({
      publicKey: known.parseCreationOptionsFromJSON(options) }),
    get: (options) => navigator.credentials.get({
      publicKey: known.parseRequestOptionsFromJSON(options) }),
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button"), problem = form.querySelector("[data-problem]");
    const name = form.elements.namedItem("name");
    form.querySelector("[data-without]").hidden = true;
    form.querySelector("[data-with]").hidden = false;
    form.addEventListener("submit", async (event) => {
      if (name && !name.value.trim()) return;  // the server says what is missing
      event.preventDefault();
      button.disabled = true;
      problem.hidden = true;
      try {
        const body = new URLSearchParams(
          { csrf_token: form.elements.namedItem("csrf_token").value });
        const answer = await fetch(form.dataset.options, { method: "POST", body });
        const options = await answer.json();
        if (!answer.ok) throw new Error(options.error);
        const found = await ask[form.dataset.passkey](options);
        form.elements.namedItem("credential").value = JSON.stringify(found.toJSON());
        form.submit();
      } catch {
        problem.hidden = false;
        button.disabled = false;
      }
    });
  }
})();

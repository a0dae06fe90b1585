// <form data-passkey="get|create" data-options="…">: asks the device for a passkey, to come in at
// once (data-mediation="conditional": among what the browser fills in), a new one by the form's
// button, and sends what it says as "answer". The form is hidden where there are no passkeys.
const READERS = { get: "parseRequestOptionsFromJSON", create: "parseCreationOptionsFromJSON" };

export function bind(form) {
  const { passkey, options, mediation } = form.dataset;
  const keys = window.PublicKeyCredential;
  if (!keys?.[READERS[passkey]]) return;
  form.hidden = false;
  const ask = async () => {
    const publicKey = keys[READERS[passkey]](JSON.parse(options));
    const given = await navigator.credentials[passkey]({ publicKey, mediation }).catch(() => null);
    if (!given) return;
    form.elements.answer.value = JSON.stringify(given);
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if (passkey === "get" && !document.querySelector("[data-form-errors]")) ask();
}

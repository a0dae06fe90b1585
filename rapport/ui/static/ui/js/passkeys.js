// <form data-passkey="get|create" data-options="…">: asks the device for a passkey, to come in at
// once, a new one by the form's button, and sends what it says as "answer". The form is hidden
// where the browser knows no passkeys.
const READERS = { get: "parseRequestOptionsFromJSON", create: "parseCreationOptionsFromJSON" };

export function bind(form) {
  const { passkey, options } = form.dataset;
  const keys = window.PublicKeyCredential;
  if (!keys?.[READERS[passkey]]) return;
  form.hidden = false;
  const ask = async () => {
    const publicKey = keys[READERS[passkey]](JSON.parse(options));
    const given = await navigator.credentials[passkey]({ publicKey }).catch(() => null);
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

// Fields that only sometimes matter. <form data-asks-url> sends what is filled in whenever it
// changes, and gets the names of fields to hide, of those that must be filled, and the choices that
// there are. Without script all fields show, and the server decides the same.
const PAUSE = 200;

function show(form, { hidden, required, choices }) {
  for (const field of form.querySelectorAll("[data-field]")) {
    const name = field.dataset.field;
    field.hidden = hidden.includes(name);
    const isAsked = required.includes(name);
    if (isAsked || field.hasAttribute("data-at-times")) {
      const inputs = field.querySelectorAll("input, select, textarea");
      for (const input of inputs) input.ariaRequired = String(isAsked);
    }
    field.toggleAttribute("data-at-times", isAsked);
    if (choices[name]) offer(field, new Set(["", ...choices[name]]));
  }
}

function offer(field, keys) {
  for (const option of field.querySelectorAll("option, input[type=checkbox]")) {
    option.disabled = (option.closest("label") ?? option).hidden = !keys.has(option.value);
    if (option.disabled) option.selected = option.checked = false;
  }
}

export function bind(form) {
  let timer, asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const sent = { method: "POST", body: new FormData(form), signal: asked.signal };
    // What shows stays as it is when no answer comes; connection.js says why.
    const answer = await fetch(form.dataset.asksUrl, sent).catch(() => null);
    if (answer?.ok) show(form, await answer.json());
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  ask();
}

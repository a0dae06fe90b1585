// <form data-draft="key">: what is typed is kept in this browser until the server has stored it.
// After a reload, a lost session or a refusal it comes back with a notice and a way to discard it.
// Passwords, files and fields under [data-no-draft] are never kept. Signing out forgets all.
import { copyOf, isAside, on, ready } from "./page.js";
import { remember, remembered, rememberedNames } from "./store.js";

const PAUSE = 300;
const DAY = 24 * 60 * 60 * 1000;
const LONGEST = 30 * DAY;
const SKIPPED = "[type=password], [type=file], [type=submit], [data-no-draft], [data-no-draft] *";
const mine = `draft:${document.body.dataset.user ?? ""}:`;
const timers = new WeakMap();

const nameOf = (form) => mine + form.dataset.draft;

function fieldsOf(form) {
  return [...form.elements].filter((field) => {
    if (!field.name || field.matches(SKIPPED)) return false;
    return field.type !== "hidden" || form.querySelector(`trix-editor[input="${field.id}"]`);
  });
}

export function valueOf(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked ? field.value : null;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

export function setValue(field, value) {
  if (["checkbox", "radio"].includes(field.type)) field.checked = value !== null;
  else if (field.multiple) {
    for (const option of field.options) option.selected = value.includes(option.value);
  } else field.value = value;
  const editor = field.form.querySelector(`trix-editor[input="${field.id}"]`);
  editor?.editor?.loadHTML(value);
}

function snapshot(form) {
  return fieldsOf(form).map((field) => [field.name, valueOf(field)]);
}

function keep(form) {
  remember(nameOf(form), JSON.stringify({ at: Date.now(), values: snapshot(form) }));
}

function forget(form) {
  clearTimeout(timers.get(form));
  remember(nameOf(form), "");
}

function draftOf(form) {
  const draft = JSON.parse(remembered(nameOf(form)) || "null");
  return draft && Date.now() - draft.at < LONGEST ? draft : null;
}

function restore(form) {
  // What the server sends back with its faults is the newest there is.
  if (form.querySelector("[data-form-errors], [aria-invalid=true]")) return keep(form);
  const draft = draftOf(form);
  if (!draft || JSON.stringify(draft.values) === JSON.stringify(snapshot(form))) return;
  const before = snapshot(form);
  fill(form, draft.values);
  const notice = copyOf("draft-template");
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    fill(form, before);
    forget(form);
    notice.remove();
  });
  (form.querySelector(".dlg-b") ?? form).prepend(notice);
}

function fill(form, values) {
  const left = [...values];
  for (const field of fieldsOf(form)) {
    const place = left.findIndex(([name]) => name === field.name);
    if (place >= 0) setValue(field, left.splice(place, 1)[0][1]);
  }
  form.dispatchEvent(new Event("draft-filled"));
}

function keepSoon(event, form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => form.isConnected && keep(form), PAUSE));
}

on("input", "form[data-draft]", keepSoon);
on("change", "form[data-draft]", keepSoon);
on("trix-change", "form[data-draft]", keepSoon);
ready("form[data-draft]", restore);

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { form, method } = ctx.request;
  if (isAside(ctx) || !form?.dataset.draft || method === "GET") return;
  if (ctx.response.raw.ok) forget(form);
});

// A form sent without htmx: stored if the next page of the signed-in person doesn't show it again.
const SENT = "draft-sent";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.draft) return;
  keep(form);
  remember(SENT, nameOf(form));
});
const sent = remembered(SENT);
if (sent && "signedIn" in document.body.dataset) {
  const shown = [...document.querySelectorAll("form[data-draft]")].map(nameOf);
  if (!shown.includes(sent)) remember(sent, "");
  remember(SENT, "");
}
on("submit", "[data-sign-out]", () => rememberedNames(mine).forEach((name) => remember(name, "")));

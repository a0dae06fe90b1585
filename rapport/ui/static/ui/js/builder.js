// The builder of conditions, <form data-builder>. [data-redraw] choices send the
// form to be drawn anew by its [data-redraw-now] button; everything else has [data-tally] ask for the
// count, by "count", where the answer's [data-faults] name parts that can't be asked. What is
// typed while the form is drawn anew stays typed. Once something was built, Esc goes to Cancel, and
// closes from there.
import "./finder.js";
import { setValue, valueOf } from "./drafts.js";
import { on } from "./page.js";

const INPUTS = "input:not([type=hidden]), select, textarea";
let left = null;

const tallyOf = (form) => form.querySelector("[data-tally]");

const countSoon = (form) => tallyOf(form).dispatchEvent(new Event("count"));

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const tally = ctx.sourceElement;
  if (tally?.matches?.("[data-tally]") && tally.isConnected) tell(tally.closest("form"), tally);
});
// A number that no longer is true is worse than none.
on("refused", "[data-tally]", (_event, tally) => tally.replaceChildren());

function tell(form, { firstElementChild: answer }) {
  const faults = JSON.parse(answer?.dataset.faults || "{}");
  const sentence = form.querySelector("[data-sentence] > span");
  if (answer?.dataset.said) sentence.textContent = answer.dataset.said;
  for (const part of form.querySelectorAll("li[data-node]")) {
    const fault = faults[part.dataset.node] ?? "";
    const place = document.getElementById(`${part.dataset.node}-fault`);
    place.hidden = !fault;
    place.querySelector("span").textContent = fault;
    part.classList.toggle("at-fault", Boolean(fault));
    const value = document.getElementById(`${part.dataset.node}-value`);
    value?.toggleAttribute("aria-invalid", false);
    if (value && fault) {
      value.setAttribute("aria-invalid", "true");
      value.setAttribute("aria-describedby", place.id);
    }
  }
}

function focusIn(form) {
  const wanted = form.dataset.focus;
  if (wanted === undefined) return;
  const part = form.querySelector(`[data-node="${CSS.escape(wanted)}"]`);
  const isFree = (one) => !one.hidden && one.type !== "hidden";
  const first =
    part?.querySelector(".finder input") ??
    [...(part?.querySelectorAll(INPUTS) ?? [])].find(isFree);
  (first ?? document.getElementById(`${wanted}-add`))?.focus();
  delete form.dataset.focus;
}

export function bind(form) {
  // After the pickers have taken the place of their inputs.
  requestAnimationFrame(() => {
    focusIn(form);
    takeUp(form);
    form.dataset.ready = "";
  });
}

on("input", "form[data-builder]", (event, form) => {
  form.dataset.built = "";
  if (!event.target.matches("[data-redraw]")) countSoon(form);
});
on("change", "form[data-builder]", (event, form) => {
  form.dataset.built = "";
  if (event.target.matches("[data-redraw]")) redraw(form, idOf(event.target));
  else countSoon(form);
});

const idOf = (field) => (field.matches("[data-finder]") ? `${field.id}-finder` : field.id);

function redraw(form, focused) {
  // While an answer is awaited what changes is taken up when it is there.
  if (form.hasAttribute("data-busy")) return;
  left = { focused };
  form.requestSubmit(form.querySelector("[data-redraw-now]"));
}

// What the form held when it was sent; what differs by then was typed meanwhile.
function valuesOf(form) {
  const fields = [...form.elements].filter((field) => field.name && field.matches(INPUTS));
  return new Map(fields.map((field) => [keyOf(field), valueOf(field)]));
}

const keyOf = (field) => (field.type === "checkbox" ? `${field.name}=${field.value}` : field.name);

on("submit", "form[data-builder]", (_event, form) => {
  delete form.dataset.ready;
  left = { ...left, sent: valuesOf(form) };
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (!left?.sent || !form?.matches?.("form[data-builder]")) return;
  const here = document.activeElement;
  if (here?.id && form.contains(here)) left.focused = here.id;
  left.typed = [...valuesOf(form)].filter(([key, value]) => left.sent.get(key) !== value);
});

function takeUp(form) {
  const { focused, typed = [] } = left ?? {};
  left = null;
  const fields = new Map([...form.elements].map((field) => [keyOf(field), field]));
  for (const [key, value] of typed) {
    const field = fields.get(key);
    if (!field) continue;
    setValue(field, value);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (focused && !form.querySelector("[data-form-errors]")) document.getElementById(focused)?.focus();
  if (!tallyOf(form).childElementCount) countSoon(form);
}

// The browser closes a dialog by Esc; what was built would be gone by one slip.
function askFirst(event) {
  const form = event.target.querySelector?.("form[data-builder][data-built]");
  const leave = form?.querySelector("[data-close].btn:not(.icon)");
  if (!leave || document.activeElement === leave) return;
  event.preventDefault();
  leave.focus();
}

document.addEventListener("cancel", askFirst, { capture: true });

// The builder of conditions, <form data-builder data-count-url="…">. [data-redraw] choices send the
// form to be drawn anew by its [data-redraw-now] button; everything else asks for the count after a
// pause, into [data-tally], where the answer's [data-faults] name parts that can't be asked. What is
// typed while the form is drawn anew stays typed. Once something was built, Esc goes to Cancel, and
// closes from there.
import "./finder.js";
import { on } from "./page.js";

const PAUSE = 300;
const LONG = 600;
const INPUTS = "input:not([type=hidden]), select, textarea";
const states = new WeakMap();
let typing = null;

const tallyOf = (form) => form.querySelector("[data-tally]");

function countSoon(form) {
  const state = states.get(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => form.isConnected && countNow(form, state), PAUSE);
}

async function countNow(form, state) {
  state.asked?.abort();
  const asked = new AbortController();
  state.asked = asked;
  const tally = tallyOf(form);
  const late = setTimeout(() => {
    if (state.asked === asked) tally.textContent = "…";
  }, LONG);
  try {
    const answer = await fetch(form.dataset.countUrl, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
      signal: asked.signal,
    });
    const text = await answer.text();
    if (state.asked !== asked || !answer.ok) return;
    clearTimeout(late);
    const page = new DOMParser().parseFromString(text, "text/html");
    tally.replaceChildren(...page.body.children);
    tell(form, tally.firstElementChild);
  } catch (error) {
    // The number is missing until something changes again; connection.js says why.
    if (error.name !== "AbortError") tally.textContent = "";
  } finally {
    clearTimeout(late);
  }
}

function tell(form, said) {
  const faults = JSON.parse(said?.dataset.faults || "{}");
  const sentence = form.querySelector("[data-sentence] > span");
  if (said?.dataset.said) sentence.textContent = said.dataset.said;
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
  states.set(form, {});
  // After the pickers have taken the place of their inputs.
  requestAnimationFrame(() => {
    focusIn(form);
    if (typing) resume();
    if (!tallyOf(form).childElementCount) countSoon(form);
  });
}

on("input", "form[data-builder]", (event, form) => {
  form.dataset.built = "";
  if (!event.target.matches("[data-redraw]")) countSoon(form);
});
on("change", "form[data-builder]", (event, form) => {
  form.dataset.built = "";
  if (!event.target.matches("[data-redraw]")) return countSoon(form);
  typing = { id: idOf(event.target) };
  form.requestSubmit(form.querySelector("[data-redraw-now]"));
});

const idOf = (field) => (field.matches("[data-finder]") ? `${field.id}-finder` : field.id);

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const here = document.activeElement;
  const isOurs = ctx.sourceElement?.matches?.("form[data-builder]");
  if (!isOurs || !here?.id || !here.closest("form[data-builder]")) return;
  typing = { id: here.id };
  const isText = here.matches("input[type=text]:not([role=combobox]), input[type=date], textarea");
  if (isText) typing.value = here.value;
});

function resume() {
  const { id, value } = typing;
  typing = null;
  const field = document.getElementById(id);
  if (!field) return;
  if (value !== undefined) field.value = value;
  if (!document.querySelector("dialog [data-form-errors]")) field.focus();
}

// The browser closes a dialog by Esc; what was built would be gone by one slip.
document.addEventListener(
  "cancel",
  (event) => {
    const form = event.target.querySelector?.("form[data-builder][data-built]");
    const leave = form?.querySelector("[data-close].btn:not(.icon)");
    if (!leave || document.activeElement === leave) return;
    event.preventDefault();
    leave.focus();
  },
  true,
);

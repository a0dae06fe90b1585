// <details class="pop"><summary>…</summary><div class="menu">: one open at a time; a click outside
// or Esc closes it, Esc returns to the summary; arrows move along its items.
// On phones those a page shows open start closed.
import { arrow, isTyping, on, ready } from "./page.js";

const PHONE = window.matchMedia("(max-width: 47.99em)");

document.addEventListener("click", (event) => {
  for (const popover of document.querySelectorAll("details.pop[open]")) {
    if (!popover.contains(event.target)) popover.open = false;
  }
});

on("keydown", "details.pop[open]", (event, popover) => {
  if (event.key === "Escape") {
    popover.open = false;
    popover.querySelector("summary").focus();
    event.stopImmediatePropagation();
    return;
  }
  const step = arrow(event).along;
  if (!step || isTyping(event.target)) return;
  event.preventDefault();
  const items = [...popover.querySelectorAll(".menu :is(a, button, input, select)")];
  const next = items.indexOf(document.activeElement) + step;
  items.at(next % items.length)?.focus();
});

ready("details.pop[open]", (popover) => {
  if (PHONE.matches) popover.open = false;
});

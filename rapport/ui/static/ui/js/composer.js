// The composer of a timeline: a link of .comp-tabs brings another form, which gets the focus.
// a[data-ticks] begins a letter elsewhere and ticks what its form keeps of it.
import { on } from "./page.js";

const FIELD = "#composer form :is(input:not([type=hidden], [type=file]), select, textarea)";

document.addEventListener("htmx:after:swap", ({ target, detail: { ctx } }) => {
  const isAsked = target.id === "composer" && ctx.request.method === "GET";
  if (isAsked) document.querySelector(FIELD)?.focus();
});

on("click", "a[data-ticks]", (_event, link) => {
  link.closest("form").querySelector("[type=checkbox]:not(:checked)")?.click();
});

// Columns of a list, and what else has an order: each child of [data-columns] has a button.grip, to
// drag within its data-among or move by arrows; [data-columns-said] tells, [data-find-column] narrows.
// [data-list data-widths="name:px,…"]: a head's [data-width="name"] edge is dragged, or Shift+arrows
// on the head's link; the list then comes anew from data-widths-url with the widths in it.
import "../vendor/sortable.min.js";
import { arrow, isRightToLeft, load, on, ready } from "./page.js";

const STEP = 16;
const [NARROWEST, WIDEST] = [48, 960];
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

ready("[data-columns]", (list) => {
  const group = list.dataset.among;
  window.Sortable.create(list, { group, handle: ".grip", ghostClass: "drop-ghost" });
});

function say(list, item) {
  const items = [...list.children];
  list.closest("form").querySelector("[data-columns-said]").textContent = list.dataset.moved
    .replace("{name}", item.querySelector("label").textContent.trim())
    .replace("{place}", items.indexOf(item) + 1)
    .replace("{all}", items.length);
}

on("keydown", "[data-columns] .grip", (event, grip) => {
  const step = arrow(event).along;
  if (!step) return;
  event.preventDefault();
  // The menu around it moves the focus by the same keys.
  event.stopImmediatePropagation();
  const item = grip.closest("[data-columns] > *");
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(item);
  else other.after(item);
  grip.focus();
  say(item.parentElement, item);
}, { capture: true });

on("input", "[data-find-column]", (_event, field) => {
  const wanted = field.value.trim().toLocaleLowerCase();
  for (const item of field.form.querySelectorAll("[data-columns] li")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  }
});
on("keydown", "[data-find-column]", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

function widthsOf(list) {
  const pairs = list.dataset.widths.split(",").filter(Boolean);
  return new Map(pairs.map((pair) => pair.split(":")));
}

function apply(widths) {
  const rules = [...widths].map(([name, width]) => {
    const cell = `.grid :is(th, td)[class~="${CSS.escape(`c-${name}`)}"]`;
    const size = `${Number(width)}px`;
    return `${cell} { inline-size: ${size}; min-inline-size: ${size}; max-inline-size: ${size}; }`;
  });
  sheet.replaceSync(`@media (min-width: 48em) { ${rules.join("\n")} }`);
}

// The name of a record has its own class on every list.
function named(list, widths) {
  const title = list.querySelector("th.c-name[data-column]")?.dataset.column;
  return new Map([...widths].map(([name, width]) => [name === title ? "name" : name, width]));
}

ready("[data-list][data-widths]", (list) => apply(named(list, widthsOf(list))));

function fit(width) {
  return Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
}

async function keep(list, widths) {
  const url = new URL(list.dataset.widthsUrl, location.href);
  url.searchParams.set("widths", [...widths].map((pair) => pair.join(":")).join(","));
  const address = url.pathname + url.search;
  // What stays the same keeps its place and the focus.
  await load(address, "#list", list, "outerMorph");
  history.replaceState(history.state, "", address);
}

on("pointerdown", "[data-width]", (event, edge) => {
  event.preventDefault();
  const head = edge.closest("th");
  const list = head.closest("[data-list]");
  const widths = widthsOf(list);
  const start = { x: event.clientX, width: head.offsetWidth };
  const forward = isRightToLeft(head) ? -1 : 1;
  edge.setPointerCapture(event.pointerId);
  edge.classList.add("moving");
  const move = ({ clientX }) => {
    widths.set(edge.dataset.width, fit(start.width + forward * (clientX - start.x)));
    apply(named(list, widths));
  };
  const end = () => {
    edge.removeEventListener("pointermove", move);
    edge.classList.remove("moving");
    if (widths.has(edge.dataset.width)) keep(list, widths);
  };
  edge.addEventListener("pointermove", move);
  edge.addEventListener("pointerup", end, { once: true });
  edge.addEventListener("pointercancel", end, { once: true });
});

on("keydown", "[data-list] th[data-column]", (event, head) => {
  const step = arrow(event).across;
  if (!step || !event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const list = head.closest("[data-list]");
  const widths = widthsOf(list);
  widths.set(head.dataset.column, fit(head.offsetWidth + step * STEP));
  apply(named(list, widths));
  keep(list, widths);
});

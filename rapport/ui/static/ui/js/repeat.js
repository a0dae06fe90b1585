// Rows of which there may be more: <div data-repeat><div class="repeat-row">…</div>…
// <button type="button" data-repeat-add hidden>…</button></div>. The button adds an empty row like the
// last one and focuses it; names such as "jobs.0.title" count on, and ids stay unique. The server
// leaves out rows in which nothing is written.
import { on, ready } from "./page.js";

const REFERENCES = ["id", "for", "list", "aria-controls", "aria-labelledby", "aria-describedby"];
const patterns = new WeakMap();
const rowsOf = (group) => [...group.querySelectorAll(":scope > .repeat-row")];

function emptied(row) {
  for (const field of row.querySelectorAll("input, select, textarea")) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = false;
    else if (field.matches("select")) field.selectedIndex = 0;
    else field.value = "";
  }
  return row;
}

function numbered(row, number) {
  for (const element of row.querySelectorAll("*")) {
    if (element.name) element.name = element.name.replace(/\.\d+\./, `.${number}.`);
    for (const one of element.attributes) {
      if (REFERENCES.includes(one.name)) one.value += `-${number}`;
    }
  }
  return row;
}

// Taken before other modules change the row, so that they can do so with each copy.
ready("[data-repeat]", (group) => {
  const add = group.querySelector(":scope > [data-repeat-add]");
  const last = rowsOf(group).at(-1);
  if (!add || !last) return;
  patterns.set(group, emptied(last.cloneNode(true)));
  add.hidden = false;
});
on("click", "[data-repeat-add]", (_event, add) => {
  const group = add.closest("[data-repeat]");
  const row = numbered(patterns.get(group).cloneNode(true), rowsOf(group).length);
  add.before(row);
  window.htmx.process(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});

// Editing in place: [data-edit-url] (a td, or a property's dd) is swapped, whole, for the partial
// at that address (a td tells it from its record's, as all of them would repeat that one):
// [data-editing] holding a form that posts and swaps itself back. Click or Enter
// open; Enter saves (Ctrl+Enter in long text), Tab saves and opens the next, Shift+Tab the one
// before, Esc restores; leaving saves what changed. An answer of 422 keeps the cell open.
import { cellAt, editUrlOf, isTyping, load, on } from "./page.js";

const shownBefore = new WeakMap();
let next = null;
// Typed while a cell opens, it goes in there; Enter, Esc, a click elsewhere (0) or Tab (±1) end it.
let ahead = null;

function editables(near) {
  const within = near.closest("[data-list], .grp, main, dialog") ?? document;
  return [...within.querySelectorAll("[data-edit-url], [data-editing]")];
}

async function open(cell) {
  if (cell.hasAttribute("aria-busy")) return;
  const before = cell.cloneNode(true);
  cell.setAttribute("aria-busy", "true");
  const place = document.createComment("cell");
  cell.before(place);
  const mine = { cell, text: "", left: null, isAway: false };
  ahead = mine;
  await load(editUrlOf(cell), cell, cell, "outerHTML").finally(() => {
    if (ahead === mine) ahead = null;
  });
  const editing = place.nextElementSibling;
  place.remove();
  cell.removeAttribute("aria-busy");
  if (!editing?.matches("[data-editing]")) return;
  shownBefore.set(editing, before);
  const field = focusIn(editing, !mine.isAway);
  if (mine.text && isTyping(field) && "setRangeText" in field) {
    field.value = mine.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (mine.left === 0) saveOrRestore(editing);
  else if (mine.left) leaveTo(editing, mine.left);
}

function focusIn(cell, isHere = true) {
  const field = cell.querySelector("input:not([type=hidden]), select, textarea, trix-editor");
  if (isHere) field?.focus();
  if (isHere) field?.select?.();
  return field;
}

function catchTyping(event) {
  if (!ahead || ahead.left !== null || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") ahead.text = "";
  if (["Enter", "Escape"].includes(event.key)) ahead.left = 0;
  else if (event.key === "Tab") ahead.left = event.shiftKey ? -1 : 1;
  else if (event.key.length === 1) ahead.text += event.key;
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function restore(cell) {
  const before = shownBefore.get(cell);
  if (!before) return;
  const isHere = cell.contains(document.activeElement);
  cell.replaceWith(before);
  window.htmx.process(before);
  if (isHere) (before.querySelector("button, a") ?? before).focus();
}

function saveOrRestore(cell) {
  if (cell.matches("[data-typed]")) cell.querySelector("form").requestSubmit();
  else restore(cell);
}

function leaveTo(cell, step) {
  const all = editables(cell);
  const wanted = all[all.indexOf(cell) + step];
  next = wanted?.dataset.editUrl ? editUrlOf(wanted) : null;
  saveOrRestore(cell);
  if (wanted && !cell.isConnected) openNext();
}

function openNext() {
  const cell = cellAt(next);
  next = null;
  if (cell) open(cell);
}

document.addEventListener("keydown", catchTyping, { capture: true });
on("click", "[data-edit-url]", (event, cell) => {
  const isOwn = event.target.closest("a[href], input, summary, [data-dialog-url], .prov");
  if (!isOwn && !window.getSelection().toString()) open(cell);
});
for (const type of ["input", "change", "trix-change"]) {
  on(type, "[data-editing]", (_event, cell) => cell.toggleAttribute("data-typed", true));
}
on("refused", "[data-editing]", () => {
  next = null;
});
on("keydown", "[data-edit-url]", (event, cell) => {
  if (event.key === "Enter" && event.target === cell) {
    event.preventDefault();
    open(cell);
  }
});
on("keydown", "[data-editing]", (event, cell) => {
  if (event.defaultPrevented || event.isComposing) return;
  const isLong = event.target.matches("textarea, trix-editor");
  if (event.key === "Escape") {
    event.preventDefault();
    restore(cell);
  } else if (event.key === "Enter" && !isLong && isTyping(event.target)) {
    event.preventDefault();
    saveOrRestore(cell);
  } else if (event.key === "Tab" && !isLong) {
    event.preventDefault();
    leaveTo(cell, event.shiftKey ? -1 : 1);
  }
});
on("focusout", "[data-editing]", (event, cell) => {
  const isInside = cell.contains(event.relatedTarget) || !event.relatedTarget?.isConnected;
  const isSaving = cell.querySelector("form[data-busy]");
  if (event.relatedTarget && !isInside && !isSaving && cell.isConnected) saveOrRestore(cell);
});
document.addEventListener("pointerdown", (event) => {
  const isAway = ahead?.left === null && !ahead.cell.contains(event.target);
  if (isAway) Object.assign(ahead, { left: 0, isAway });
  for (const cell of document.querySelectorAll("[data-editing]")) {
    const isSaving = cell.querySelector("form[data-busy]");
    if (!isSaving && shownBefore.has(cell) && !cell.contains(event.target)) saveOrRestore(cell);
  }
});
// A cell sent back with its errors stays the one that Esc can restore.
document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const before = shownBefore.get(tasks[0]?.target);
  if (before && ctx.response?.status === 422) ctx.restoreTo = before;
});
// A cell that comes anew has the focus still, unless the reader has gone on meanwhile.
let left = "";

export function returnTo(url) {
  left = url;
}

function refocus(form) {
  const isSaved = form?.matches?.(".cell-form");
  if (isSaved) returnTo(form.getAttribute("action"));
  const isElsewhere = document.activeElement && document.activeElement !== document.body;
  const cell = !isElsewhere && cellAt(left);
  if (cell) (cell.querySelector("button") ?? cell).focus({ preventScroll: true });
  if (cell || isSaved) returnTo("");
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const cell = ctx.sourceElement?.closest?.("[data-editing]");
  if (cell && ctx.restoreTo) {
    shownBefore.set(cell, ctx.restoreTo);
    cell.toggleAttribute("data-typed", true);
    next = null;
    focusIn(cell);
  } else if (next) openNext();
  else refocus(ctx.request?.form);
});

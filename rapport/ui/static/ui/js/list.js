// The list: <table data-list> with <tr data-row="id"> holding <input class="check" name="ids">,
// [data-check-all] in its head, and [data-bulk] beside it: [data-count], [data-select-all] (the
// whole view: [data-all-input] becomes "1"), [data-clear]. Bulk actions include the ticked boxes.
// j k move, x selects, Shift+click a range, Enter opens the row's first link, e its first
// [data-edit-url] (cells.js), Esc clears the selection; arrows go from cell to cell.
import { areSingleKeysOn } from "./keyboard.js";
import { arrow, on, ready } from "./page.js";

const rowsOf = (list) => [...list.querySelectorAll("tr[data-row]")];
const boxOf = (row) => row.querySelector("input.check");
const bulkOf = (list) => list.closest("main, dialog")?.querySelector("[data-bulk]");
const lastTicked = new WeakMap();

function refresh(list) {
  const rows = rowsOf(list);
  const ticked = rows.filter((row) => boxOf(row)?.checked);
  for (const row of rows) row.setAttribute("aria-selected", String(ticked.includes(row)));
  const all = list.querySelector("[data-check-all]");
  if (all) {
    all.checked = rows.length > 0 && ticked.length === rows.length;
    all.indeterminate = ticked.length > 0 && !all.checked;
  }
  const bulk = bulkOf(list);
  if (!bulk) return;
  bulk.hidden = ticked.length === 0;
  if (ticked.length < rows.length || bulk.hidden) selectWholeView(list, false);
  const isWholeView = "all" in bulk.dataset;
  const count = bulk.querySelector("[data-count]");
  if (!isWholeView && count) count.textContent = ticked.length;
}

function selectWholeView(list, isOn) {
  const bulk = bulkOf(list);
  bulk.toggleAttribute("data-all", isOn);
  const field = bulk.querySelector("[data-all-input]");
  if (field) field.value = isOn ? "1" : "";
  const button = bulk.querySelector("[data-select-all]");
  if (!button) return;
  button.hidden = isOn;
  if (isOn) bulk.querySelector("[data-count]").textContent = button.dataset.total;
}

function tickAll(list, isTicked) {
  for (const row of rowsOf(list)) boxOf(row).checked = isTicked;
  refresh(list);
}

function tickRange(list, box) {
  const rows = rowsOf(list);
  const from = rows.indexOf(lastTicked.get(list));
  const to = rows.indexOf(box.closest("tr"));
  if (from < 0) return;
  const [start, end] = [Math.min(from, to), Math.max(from, to)];
  for (const row of rows.slice(start, end + 1)) boxOf(row).checked = box.checked;
}

on("click", "[data-list] input.check", (event, box) => {
  const list = box.closest("[data-list]");
  if (box.matches("[data-check-all]")) tickAll(list, box.checked);
  else {
    if (event.shiftKey) tickRange(list, box);
    lastTicked.set(list, box.closest("tr"));
    refresh(list);
  }
});
on("click", "[data-bulk] [data-clear]", (_event, button) => {
  tickAll(button.closest("main, dialog").querySelector("[data-list]"), false);
});
on("click", "[data-bulk] [data-select-all]", (_event, button) => {
  const list = button.closest("main, dialog").querySelector("[data-list]");
  tickAll(list, true);
  selectWholeView(list, true);
});
ready("[data-list]", refresh);
ready("[data-list] tr[data-row]", (row) => {
  const list = row.closest("[data-list]");
  if (bulkOf(list)?.matches("[data-all]")) boxOf(row).checked = true;
  refresh(list);
});

const STOPS = ":scope > th a[href], :scope > [data-edit-url]";
const stopsOf = (row) => [...row.querySelectorAll(STOPS)];

function markCursor(row) {
  row.parentElement.querySelector("tr.cursor")?.classList.remove("cursor");
  row.classList.add("cursor");
  row.scrollIntoView({ block: "nearest" });
}

function cursorOf(list) {
  return list.querySelector("tr.cursor") ?? document.activeElement.closest?.("tr[data-row]");
}

function moveCursor(list, step) {
  const rows = rowsOf(list);
  const now = cursorOf(list);
  const next = rows[Math.max(0, Math.min(rows.length - 1, now ? rows.indexOf(now) + step : 0))];
  if (!next) return;
  markCursor(next);
  // The row's link takes focus, so that Enter, Tab and screen readers go on from there.
  next.querySelector("a[href]")?.focus({ preventScroll: true });
}

function cellToEdit(list) {
  const row = cursorOf(list);
  return row.querySelector("[data-edit-url]:focus") ?? row.querySelector("[data-edit-url]");
}

on("keydown", "[data-list] tr[data-row]", (event, row) => {
  const { across, along } = arrow(event);
  const place = stopsOf(row).indexOf(event.target);
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  if (place < 0 || hasModifier || !(across || along)) return;
  event.preventDefault();
  const rows = rowsOf(row.closest("[data-list]"));
  const next = rows[rows.indexOf(row) + along];
  const stop = next && stopsOf(next)[place + across];
  if (!stop) return;
  markCursor(next);
  stop.focus({ preventScroll: Boolean(along) });
});

const ACTIONS = {
  j: (list) => moveCursor(list, 1),
  k: (list) => moveCursor(list, -1),
  x: (list) => boxOf(cursorOf(list))?.click(),
  e: (list) => cellToEdit(list)?.click(),
  Enter: (list) => cursorOf(list).querySelector("a[href]")?.click(),
  Escape: (list) => tickAll(list, false),
};

document.addEventListener("keydown", (event) => {
  const list = document.querySelector("[data-list]");
  const isElsewhere = document.querySelector("dialog[open]") || event.defaultPrevented;
  const act = ACTIONS[event.key];
  if (!list || !act || isElsewhere || !areSingleKeysOn(event)) return;
  // Controls keep the keys they answer to themselves.
  const own = "a, button, input, summary, [role=button], [data-edit-url]";
  if (event.key === "Enter" && event.target.closest(own)) return;
  if (!["j", "k", "Escape"].includes(event.key) && !cursorOf(list)) return;
  if (event.key !== "Escape") event.preventDefault();
  act(list);
});

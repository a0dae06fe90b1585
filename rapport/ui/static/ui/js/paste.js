// Pasting a block of cells, as spreadsheets copy it, into [data-list data-paste-url] from the
// focused [data-edit-url] on: rows below, columns after. The server stores it or asks in a dialog.
import { returnTo } from "./cells.js";
import { editUrlOf, isTyping, on, post } from "./page.js";

const columnOf = (cell) => cell.dataset.editUrl.split("/")[1];

function rowsFrom(row) {
  const rows = [...row.parentElement.querySelectorAll("tr[data-row]")];
  return rows.slice(rows.indexOf(row));
}

async function paste(cell, text) {
  const row = cell.closest("tr[data-row]");
  const url = cell.closest("[data-paste-url]").dataset.pasteUrl;
  const rows = rowsFrom(row).slice(0, text.split(/\r\n|\r|\n/).length);
  const values = {
    text,
    column: columnOf(cell),
    query: location.search,
    id: rows.map((one) => one.dataset.row),
    version: rows.map((one) => one.dataset.version),
  };
  cell.setAttribute("aria-busy", "true");
  await post(url, values, { source: cell, target: "#dialog", swap: "innerHTML" });
  cell.removeAttribute("aria-busy");
}

on("paste", "[data-paste-url] td[data-edit-url]", (event, cell) => {
  const text = event.clipboardData?.getData("text/plain");
  if (!text || isTyping(event.target) || cell.hasAttribute("aria-busy")) return;
  event.preventDefault();
  returnTo(editUrlOf(cell));
  paste(cell, text);
});

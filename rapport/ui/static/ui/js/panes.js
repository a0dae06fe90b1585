// Sections one at a time on phones: <div data-panes="time"> with buttons role=tab data-pane="time".
// The CSS shows the section that data-panes names. Arrows move between the tabs.
import { arrow, on } from "./page.js";

function choose(tab) {
  const host = tab.closest("[data-panes]");
  host.dataset.panes = tab.dataset.pane;
  for (const other of host.querySelectorAll("[data-pane]")) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
}

on("click", "[data-pane]", (_event, tab) => choose(tab));
on("keydown", "[data-pane]", (event, tab) => {
  const step = arrow(event).across;
  if (!step) return;
  event.preventDefault();
  const tabs = [...tab.closest("[data-panes]").querySelectorAll("[data-pane]")];
  const next = tabs.at((tabs.indexOf(tab) + step) % tabs.length);
  choose(next);
  next.focus();
});

// Theme, rows and reading direction.
// <span data-setting="theme|density|dir"><button data-value="dark">: pressed = chosen, "" = ours.
// <select data-submit-on-change> sends its form, for the language.
import { on, ready } from "./page.js";
import { remember } from "./store.js";

const root = document.documentElement;

function current(name) {
  return name === "dir" ? root.dir : (root.dataset[name] ?? "");
}

function apply(name, value) {
  if (name === "dir") root.dir = value;
  else if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  remember(name, value);
}

function mark(group) {
  for (const button of group.querySelectorAll("[data-value]")) {
    const isChosen = button.dataset.value === current(group.dataset.setting);
    button.setAttribute("aria-pressed", String(isChosen));
  }
}

ready("[data-setting]", mark);
on("click", "[data-setting] [data-value]", (_event, button) => {
  const group = button.closest("[data-setting]");
  apply(group.dataset.setting, button.dataset.value);
  document.querySelectorAll("[data-setting]").forEach(mark);
});
on("change", "[data-submit-on-change]", (_event, field) => field.form.requestSubmit());

// Toasts: <div data-toast> in #toasts, from the page, an out-of-band swap, or the event "toast"
// (HX-Trigger: {"toast": {"notices": [{text, undo_url, open_url, error}]}}). They leave after 8 seconds,
// errors when dismissed; pointing at one or focusing it stops the clock.
// <button data-undo-url="…"> posts there; the answer brings its own toast or HX-Refresh.
import { copyOf, on, post } from "./page.js";

const region = document.getElementById("toasts");

export function showToast({ text, undo_url: undoUrl = "", open_url: openUrl = "", error = false }) {
  const toast = copyOf(error ? "toast-error-template" : "toast-template");
  toast.querySelector("[data-text]").textContent = text;
  const undo = toast.querySelector("[data-undo-url]");
  if (undoUrl && undo) undo.dataset.undoUrl = undoUrl;
  else undo?.remove();
  const link = toast.querySelector("[data-open-url]");
  if (openUrl && link) link.href = openUrl;
  else link?.remove();
  region.append(toast);
}

// The style sheet says how long one stays.
on("animationend", "[data-toast]", (_event, toast) => toast.remove());
document.addEventListener("toast", ({ detail }) => (detail.notices ?? [detail]).forEach(showToast));
on("click", "[data-dismiss]", (_event, button) => button.closest("[data-toast]").remove());
on("click", "[data-undo-url]", (_event, button) => {
  const url = button.dataset.undoUrl;
  button.closest("[data-toast]")?.remove();
  post(url);
});

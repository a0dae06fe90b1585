// Forms: a second press while the first is under way does nothing; Ctrl+Enter sends;
// [data-form-errors] takes focus when it arrives, so that the fault is heard at once;
// [data-most-bytes], with [data-most-files] of all, refuse more before it is sent: [data-too-…].
// [data-file-names] writes what was chosen into the [data-file-list] of its form.
import { isAside, on, ready } from "./page.js";
import { showToast } from "./toasts.js";

// An answer may be a download: then the page stays, and so must its buttons.
const LONGEST = 8000;

function setBusy(form, isBusy) {
  form.toggleAttribute("data-busy", isBusy);
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    if (isBusy && !button.disabled) button.dataset.busy = "";
    if ("busy" in button.dataset) button.disabled = isBusy;
    if (!isBusy) delete button.dataset.busy;
  }
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const { form, method } = ctx.request;
  if (form && method !== "GET" && !isAside(ctx)) setBusy(form, true);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.request.form && !isAside(ctx)) setBusy(ctx.request.form, false);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  // After this event: a button disabled now would not be sent along.
  setTimeout(() => setBusy(event.target, true));
  setTimeout(() => setBusy(event.target, false), LONGEST);
});
window.addEventListener("pageshow", () =>
  document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(form, false)),
);

// The editor of long text hands on what was typed with the next frame it draws.
function drawn(form) {
  if (!form.querySelector("trix-editor")) return null;
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

on("keydown", "form", async (event, form) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  await drawn(form);
  form.requestSubmit(form.querySelector(".btn.primary:not([type=button])") ?? undefined);
});
ready("[data-form-errors]", (notice) => notice.focus());
// Before anybody else hears of the choice, or the file would be on its way already.
function refuseLarge(event, input) {
  const { mostBytes, tooLarge, mostFiles = Infinity, tooMany } = input.dataset;
  const large = [...input.files].find((file) => file.size > Number(mostBytes));
  const together = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const isMuch = input.files.length > Number(mostFiles) || (tooMany && together > mostBytes);
  if (!large && !isMuch) return;
  event.stopImmediatePropagation();
  input.value = "";
  const list = input.form.querySelector("[data-file-list]");
  if (list) list.textContent = "";
  showToast({ text: large ? tooLarge.replace("{name}", large.name) : tooMany, error: true });
}

on("change", "[data-most-bytes]", refuseLarge, { capture: true });
on("change", "[data-file-names]", (_event, input) => {
  const names = [...input.files].map((file) => file.name);
  input.form.querySelector("[data-file-list]").textContent = names.join(", ");
});

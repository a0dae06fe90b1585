// Dialogs. data-dialog-url="…" or <a href data-dialog> fetches a partial into #dialog, shown then;
// data-open="id" shows one that is on the page; data-close closes. The server closes #dialog by
// HX-Trigger "close-dialog" or 204. The browser traps focus and returns it.
// A click beside a dialog closes it unless something was typed in it.
import { load, on } from "./page.js";

const dialog = document.getElementById("dialog");

export function show(shown) {
  for (const other of document.querySelectorAll("dialog[open]")) if (other !== shown) other.close();
  if (!shown.open) shown.showModal();
}

export async function openDialog(url, source) {
  source.setAttribute("aria-busy", "true");
  await load(url, dialog, source).finally(() => source.removeAttribute("aria-busy"));
}

function focusFirst() {
  const wanted =
    dialog.querySelector("[data-form-errors], [aria-invalid=true]") ??
    dialog.querySelector("[autofocus]") ??
    dialog.querySelector(".dlg-b :is(input:not([type=hidden]), select, textarea)") ??
    dialog.querySelector(".dlg-b :is(button, a[href])");
  wanted?.focus();
}

on("click", "[data-dialog-url], a[data-dialog]", (event, opener) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openDialog(opener.dataset.dialogUrl ?? opener.href, opener);
});
on("click", "[data-open]", (_event, opener) => show(document.getElementById(opener.dataset.open)));
on("click", "dialog [data-close]", (_event, button) => button.closest("dialog").close());

document.addEventListener("input", ({ target }) => {
  const within = target.closest("dialog");
  if (within && target.form) within.dataset.typed = "";
});
document.addEventListener("pointerdown", ({ target }) => {
  // Only the backdrop makes the dialog itself the target.
  if (target.matches("dialog[open]:not([data-typed], #signed-out)")) target.close();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const isForDialog = ctx.target === dialog || ctx.target === "#dialog";
  if (!isForDialog || ctx.swap === "none" || !dialog.childElementCount) return;
  show(dialog);
  focusFirst();
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status === 204 && dialog.contains(ctx.sourceElement)) dialog.close();
});
document.addEventListener("close-dialog", () => dialog.close());
dialog.addEventListener("close", () => {
  delete dialog.dataset.typed;
  dialog.replaceChildren();
});

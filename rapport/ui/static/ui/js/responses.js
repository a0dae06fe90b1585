// What htmx would do with a refusal is swap it in over what somebody typed. So here:
// 422 and 409 that answer with mark-up bring the same partial with its errors, and are swapped;
// any other 4xx or 5xx is said in a toast: its text, or heading and first sentence of its page.
// 401 is session.js's; the sender hears "refused" on the element that asked, to roll back.
import { isAside } from "./page.js";
import { showToast } from "./toasts.js";

const SWAPPED = [409, 422];

function isSwapped(status, text) {
  const isPartial = text.trimStart().startsWith("<") && !text.includes("data-error-page");
  return SWAPPED.includes(status) && isPartial;
}

function sentenceOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const parts = page.querySelector("[data-error-page]")
    ? page.querySelectorAll("[data-error-page] h1, [data-error-page] h1 + p")
    : [page.body];
  return Array.from(parts, (part) => part.textContent.trim()).join(". ").slice(0, 300);
}

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const { status } = ctx.response;
  if (status < 400 || isSwapped(status, ctx.text)) return;
  event.preventDefault();
  if (status !== 401 && !isAside(ctx)) showToast({ text: sentenceOf(ctx.text), error: true });
  ctx.sourceElement.dispatchEvent(
    new CustomEvent("refused", { bubbles: true, detail: { status } }),
  );
});

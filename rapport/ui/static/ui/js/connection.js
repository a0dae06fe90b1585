// The connection is lost: one bar (#connection) that stays; what was typed stays too.
// A request that got no answer is kept. When the server answers again, reads are repeated by
// themselves, writes only by the button, since the server may have stored them.
import { answers, on, repeat, requestOf, untilAnswered } from "./page.js";

const bar = document.getElementById("connection");
const unanswered = new Map();
let isWaiting = false;

function say(text) {
  bar.querySelector("[data-text]").textContent = text;
  bar.hidden = false;
}

function repeatAll(isWanted) {
  for (const [source, request] of unanswered) {
    if (!isWanted(request)) continue;
    unanswered.delete(source);
    repeat(request);
  }
}

function goOn() {
  repeatAll((request) => request.isRead);
  if (unanswered.size) say(bar.dataset.textBack);
  else bar.hidden = true;
}

async function lost() {
  say(bar.dataset.textLost);
  if (isWaiting) return;
  isWaiting = true;
  await untilAnswered("/healthz");
  isWaiting = false;
  goOn();
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx.response) return;
  const request = requestOf(ctx);
  if (request) unanswered.set(ctx.sourceElement, request);
  const refused = new CustomEvent("refused", { bubbles: true, detail: { status: 0 } });
  ctx.sourceElement.dispatchEvent(refused);
  lost();
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  unanswered.delete(ctx.sourceElement);
});
window.addEventListener("offline", lost);
window.addEventListener("online", async () => (await answers("/healthz")) && goOn());
on("click", "#connection [data-retry]", async () => {
  if (await answers("/healthz")) {
    bar.hidden = true;
    repeatAll(() => true);
  } else lost();
});

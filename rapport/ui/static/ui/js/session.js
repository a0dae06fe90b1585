// The session ran out: the server answers 401 with the header Rapport-Sign-In: <address>.
// The page stays as it is under the dialog #signed-out; the person signs in in a new tab, and on
// return this page takes over the new token and repeats the request that was turned away.
import { takeTokenOf } from "./csrf.js";
import { on, repeat, requestOf } from "./page.js";

const dialog = document.getElementById("signed-out");
let turnedAway = null;

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status !== 401) return;
  turnedAway = requestOf(ctx);
  const address = ctx.response.headers.get("Rapport-Sign-In");
  if (address) dialog.querySelector("[data-sign-in]").href = address;
  if (!dialog.open) dialog.showModal();
});

async function goOnIfSignedIn() {
  if (!dialog.open) return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.body.dataset.user !== document.body.dataset.user) {
    // Somebody else signed in: this page's records may not be his.
    location.reload();
    return;
  }
  takeTokenOf(page);
  dialog.close();
  if (turnedAway) repeat(turnedAway);
  turnedAway = null;
}

window.addEventListener("focus", goOnIfSignedIn);
on("click", "[data-session-check]", goOnIfSignedIn);

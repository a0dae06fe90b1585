// An error page that passes, [data-come-back="address"]: asks there until the answer is good, then
// shows the page that was wanted. Forms on it bring back what was typed, from their drafts.
import { ready } from "./page.js";

const PAUSE = 3000;

async function isBack(address) {
  try {
    return (await fetch(address, { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function wait(address) {
  while (!(await isBack(address))) {
    await new Promise((goOn) => setTimeout(goOn, PAUSE));
  }
  // Not a reload, which would send a form again.
  location.replace(location.href);
}

ready("[data-come-back]", (page) => wait(page.dataset.comeBack));

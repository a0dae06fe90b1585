// An error page that passes, [data-come-back="address"]: asks there until the answer is good, then
// shows the page that was wanted. Forms on it bring back what was typed, from their drafts.
import { answers, ready } from "./page.js";

const PAUSE = 3000;

async function wait(address) {
  while (!(await answers(address))) {
    await new Promise((goOn) => setTimeout(goOn, PAUSE));
  }
  // Not a reload, which would send a form again.
  location.replace(location.href);
}

ready("[data-come-back]", (page) => wait(page.dataset.comeBack));

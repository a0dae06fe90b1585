// An error page that passes, [data-come-back="address"]: asks there until the answer is good, then
// shows the page that was wanted. Forms on it bring back what was typed, from their drafts.
import { ready, untilAnswered } from "./page.js";

ready("[data-come-back]", async (page) => {
  await untilAnswered(page.dataset.comeBack);
  // Not a reload, which would send a form again.
  location.replace(location.href);
});

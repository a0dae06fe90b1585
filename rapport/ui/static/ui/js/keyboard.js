// The keyboard map. An element says its key: data-key="c" is pressed by C (inputs are focused),
// aria-keyshortcuts tells screen readers; data-go="p" is followed by G then P; G then 1 to 9
// follows the n-th saved view (nav.views a). Ctrl+K is the palette's, ? shows the dialog #keys.
// Single keys are off while typing and when [data-keys-switch] is off.
import { show } from "./dialogs.js";
import { isTyping, on, ready } from "./page.js";
import { remember, remembered } from "./store.js";

const GO_TIME = 1500;
// By the event's own clock: a busy page hears keys long after they were pressed.
let wentAt = -Infinity;

export function areSingleKeysOn(event) {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  return !hasModifier && !isTyping(event.target) && remembered("keys") !== "off";
}

function use(element) {
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
}

function visible(selector) {
  const open = document.querySelector("dialog[open]");
  const found = [...(open ?? document).querySelectorAll(selector)];
  return found.filter((one) => one.checkVisibility({ visibilityProperty: true }));
}

// What stands in a row is meant where the cursor is.
const isMeant = (element) =>
  !element.closest("tr[data-row], .dcard") || element.closest("tr.cursor, :focus-within.dcard");

// On a phone with a keyboard what has the key may be out of sight, and is pressed all the same.
function keyed(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const isClear = !document.querySelector("dialog[open]");
  const found = visible(selector).filter(isMeant).at(-1);
  return found ?? (isClear ? [...document.querySelectorAll(selector)].find(isMeant) : null);
}

function go(key) {
  wentAt = -Infinity;
  if (/^[1-9]$/.test(key)) visible("nav.views a").at(Number(key) - 1)?.click();
  else document.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !areSingleKeysOn(event)) return;
  const key = event.key.toLowerCase();
  if (event.timeStamp - wentAt < GO_TIME) {
    event.preventDefault();
    go(key);
  } else if (key === "g" && !document.querySelector("dialog[open]")) {
    wentAt = event.timeStamp;
  } else if (key === "?") {
    show(document.getElementById("keys"));
  } else {
    const element = key.length === 1 && keyed(key);
    if (!element) return;
    event.preventDefault();
    use(element);
  }
});

ready("[data-keys-switch]", (input) => {
  input.checked = remembered("keys") !== "off";
});
on("change", "[data-keys-switch]", (_event, input) => remember("keys", input.checked ? "" : "off"));

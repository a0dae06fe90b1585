// What others change shows in what is open. One stream a browser: the tab that holds the lock keeps
// it and passes on what it says. An event names an object and, where they are few, its records.
// Each [data-live="object"] about these hears "live", at most once a second, and comes anew by its
// hx-get; data-live-id makes it hear of one record only. A list asks for the rows it shows.
// #here says who else is editing, and to them that one does oneself.
import { isAside, on } from "./page.js";

const address = document.body.dataset.liveUrl;
const channel = address && new BroadcastChannel("rapport-live");
const [PAUSE, LATER, LONGEST] = [1000, 10_000, 60_000];
const MANY = "*";
const MOST = 100;
const BUSY = "[data-dragging], [aria-busy=true]";
const states = new WeakMap();
let heardAt = performance.timeOrigin;
let pause = PAUSE;
let source = null;

function connect() {
  source = new EventSource(`${address}?age=${(Date.now() - heardAt) / 1000}`);
  const heard = () => {
    heardAt = Date.now();
    pause = PAUSE;
  };
  source.addEventListener("alive", heard);
  source.onmessage = ({ data }) => {
    heard();
    channel.postMessage(data);
    hear(data);
  };
  source.onerror = () => {
    source.close();
    setTimeout(connect, pause * (1 + Math.random()));
    pause = Math.min(pause * 2, LONGEST);
  };
}

function hear(data) {
  const { object, ids = [MANY] } = JSON.parse(data);
  for (const part of document.querySelectorAll("[data-live]")) {
    const { live, liveId } = part.dataset;
    const isMeant = !liveId || ids.includes(liveId) || ids.includes(MANY);
    if (isMeant && [live, MANY].includes(object)) plan(part, ids);
  }
}

// What a board doesn't show may belong on it, which is no reason to hurry.
function plan(part, ids) {
  const state = states.get(part) ?? { ids: new Set(), made: new Set(), at: 0, due: Infinity };
  states.set(part, state);
  for (const id of ids) state.ids.add(id);
  const isHere = (id) => id === MANY || part.querySelector(`[data-card="${id}"]`);
  const isUrgent = !part.querySelector("[data-card]") || ids.some(isHere);
  const due = Math.max(Date.now(), state.at + (isUrgent ? PAUSE : LATER));
  if (due >= state.due) return;
  clearTimeout(state.timer);
  Object.assign(state, { due, timer: setTimeout(renew, due - Date.now(), part, state) });
}

function renew(part, state) {
  const ids = [...state.ids];
  Object.assign(state, { ids: new Set(), at: Date.now(), due: Infinity });
  if (!part.isConnected) return;
  if (document.hidden || part.matches(BUSY) || part.querySelector(BUSY)) plan(part, ids);
  else if (part.matches("[data-list]")) renewRows(part, state, ids);
  else part.dispatchEvent(new Event("live"));
}

function renewRows(list, { made }, ids) {
  const shown = [...list.querySelectorAll("tr[data-row]")].map((row) => row.dataset.row);
  const isMany = ids.includes(MANY);
  const rows = shown.filter((id) => isMany || ids.includes(id));
  for (const id of ids) if (!shown.includes(id) && made.size < MOST) made.add(id);
  if (!rows.length && !made.size) return;
  const url = new URL(location.href);
  url.searchParams.set("_rows", rows.slice(0, MOST));
  url.searchParams.set("_new", isMany ? MANY : [...made]);
  url.searchParams.set("_age", performance.now() / 1000);
  const asked = { source: list, target: list, swap: "none", push: "false" };
  window.htmx.ajax("GET", url.pathname + url.search, asked);
  if (rows.length > MOST) plan(list, rows.slice(MOST));
}

// Without a lock each tab has a stream of its own, but only while it is seen: a browser opens six.
function connectWhenSeen() {
  source?.close();
  if (!document.hidden) connect();
}

let typedAt = 0;

function sayEditing(value) {
  const here = document.getElementById("here");
  if (!here) return;
  here.elements.editing.value = value;
  here.dispatchEvent(new Event("typing"));
}

on("input", "#main form", () => {
  if (Date.now() - typedAt < LATER) return;
  typedAt = Date.now();
  sayEditing("1");
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (!typedAt || ctx.request.method === "GET" || isAside(ctx) || !ctx.response.raw.ok) return;
  typedAt = 0;
  sayEditing("0");
});

if (address) {
  channel.onmessage = ({ data }) => hear(data);
  const keep = () => new Promise(connect);
  if (navigator.locks) navigator.locks.request("rapport-live", keep);
  else {
    connectWhenSeen();
    document.addEventListener("visibilitychange", connectWhenSeen);
  }
}

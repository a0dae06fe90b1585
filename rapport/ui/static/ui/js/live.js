// What others change shows in what is open. One stream a browser: the tab that holds the lock keeps
// it and passes on what it says. An event names an object and, where they are few, its records.
// Each [data-live="object"] about these, of data-live-id only if there is one, hears "live" and comes
// anew by its hx-get. A list asks for the rows it shows, now and then for what stands around them.
// #here says who else is editing, and to them that one does oneself.
import { isAside, load, on } from "./page.js";

const address = document.body.dataset.liveUrl;
const channel = address && new BroadcastChannel("rapport-live");
const [SOON, PAUSE, LATER, LONGEST] = [300, 1000, 10_000, 60_000];
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

// What isn't shown may belong there, which is no reason to hurry; of many it is told too often.
function plan(part, ids) {
  const state = states.get(part) ?? { ids: new Set(), at: 0, wholeAt: 0, due: Infinity };
  states.set(part, state);
  for (const id of ids) state.ids.add(id);
  const near = part.matches("[data-list]") && !ids.includes(MANY) ? SOON : PAUSE;
  const isHere = (id) => id === MANY || part.querySelector(`[href*="/${id}/"]`);
  const isUrgent = part.dataset.liveId || ids.some(isHere);
  const due = Math.max(Date.now(), state.at + (isUrgent ? near : LATER));
  if (due >= state.due) return;
  clearTimeout(state.timer);
  Object.assign(state, { due, timer: setTimeout(renew, due - Date.now(), part, state) });
}

function renew(part, state) {
  const ids = [...state.ids];
  const at = Date.now() + (ids.includes(MANY) ? PAUSE - SOON : 0);
  Object.assign(state, { ids: new Set(), at, due: Infinity });
  if (!part.isConnected) return;
  if (document.hidden || part.matches(BUSY) || part.querySelector(BUSY)) plan(part, ids);
  else if (part.matches("[data-list]")) renewRows(part, state, ids);
  else part.dispatchEvent(new Event("live"));
}

function renewRows(list, state, ids) {
  const isMany = ids.includes(MANY);
  const shown = [...list.querySelectorAll("tr[data-row]")].map((row) => row.dataset.row);
  const rows = shown.filter((id) => isMany || ids.includes(id));
  const url = new URL(location.href);
  url.searchParams.set("_rows", rows.slice(0, MOST));
  if (isMany || Date.now() >= state.wholeAt + LATER) {
    state.wholeAt = Date.now();
    url.searchParams.set("_age", performance.now() / 1000);
    url.searchParams.set("_many", Number(isMany));
  } else plan(list, []);
  load(url.pathname + url.search, list, list, "none");
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
  if (navigator.locks) navigator.locks.request("rapport-live", () => new Promise(connect));
  else for (const type of ["DOMContentLoaded", "visibilitychange"]) {
    document.addEventListener(type, connectWhenSeen);
  }
}

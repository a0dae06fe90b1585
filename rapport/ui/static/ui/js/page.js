// What the modules share: meeting elements as they arrive, and asking the server through htmx.

const met = new WeakMap();

// Calls bind(element) once for each match, now and whenever htmx adds one.
export function ready(selector, bind) {
  const meet = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      const known = met.get(element) ?? new Set();
      if (known.has(bind)) continue;
      met.set(element, known.add(bind));
      bind(element);
    }
  };
  meet(document.body);
  document.addEventListener("htmx:after:process", (event) => meet(event.target));
}

// Listens on the document for events on elements that match, the nearest one first.
export function on(type, selector, act, options) {
  const listen = (event) => {
    const element = event.target.closest?.(selector);
    if (element) act(event, element);
  };
  document.addEventListener(type, listen, options);
}

export function isTyping(target) {
  return Boolean(
    target.closest?.(
      "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, " +
        "[contenteditable]:not([contenteditable=false]), trix-editor",
    ),
  );
}

export function isRightToLeft(element) {
  return getComputedStyle(element).direction === "rtl";
}

// Where an arrow key leads: along the lines of a page or across them, as its reader reads.
export function arrow(event) {
  const forward = isRightToLeft(event.target) ? -1 : 1;
  return {
    across: { ArrowRight: forward, ArrowLeft: -forward }[event.key] ?? 0,
    along: { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0,
  };
}

export function copyOf(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

// Fetches HTML into a target. Resolves when the swap is done, whatever came back.
export function load(url, target, source = target, swap = "innerHTML") {
  return window.htmx.ajax("GET", url, { target, source, swap });
}

// Posts values; the answer's HX-Trigger header says what follows.
export function post(url, values = {}, options = {}) {
  return window.htmx.ajax("POST", url, {
    source: document.body,
    target: "#toasts",
    swap: "none",
    values,
    ...options,
  });
}

// Whether the server has something good to say at an address now.
export async function answers(address) {
  const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
  return answer?.ok;
}

const PAUSE = 3000;

export async function untilAnswered(address) {
  do await new Promise((goOn) => setTimeout(goOn, PAUSE));
  while (!(await answers(address)));
}

// What it takes to ask again: a form's submit or the event that made htmx ask. Requests made by
// our own code have neither; who made them hears "refused" and takes the change back.
export function requestOf(ctx) {
  const { sourceElement: source, sourceEvent: event, request } = ctx;
  const isRepeatable = request.form === source || event instanceof Event;
  if (!isRepeatable) return null;
  return { source, event, form: request.form, isRead: request.method === "GET" };
}

// A question asked while a form is typed: it sends the form along and saves nothing.
export const isAside = (ctx) => "aside" in ctx.sourceElement.dataset;

export function repeat({ source, event, form }) {
  if (!source.isConnected) return;
  if (form === source) source.requestSubmit(event.submitter ?? undefined);
  else source.dispatchEvent(new event.constructor(event.type, event));
}

// Where a cell is edited: its address may be told from its record's, which its row and list know.
export function editUrlOf(cell) {
  const list = cell.closest("[data-list][data-url]");
  const row = list && cell.closest("tr[data-row]");
  return (row ? `${list.dataset.url}${row.dataset.row}/` : "") + cell.dataset.editUrl;
}

export function cellAt(url) {
  const cells = url ? [...document.querySelectorAll("[data-edit-url]")] : [];
  return cells.find((cell) => editUrlOf(cell) === url);
}

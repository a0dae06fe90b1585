// The board: [data-move-url], around all columns [data-column="key"] (a .lane whose
// cards lie in .lane-b, or a .dz of the .dropbar) and <article class="dcard" data-card="id"
// data-version="…" tabindex="0">. Mouse, touch or Shift+arrows.
// A move posts record, column, row (data-row, in swim-lanes, where each column is there once a
// row), before (the id it now stands above, or "") and version. The answer is the card anew with
// the lanes' headers out of band; a refusal, or a dialog that has more to ask, puts it back.
import "../vendor/sortable.min.js";
import { arrow, post, ready } from "./page.js";

const laneOf = (card) => card.closest("[data-column]");
const columnOf = (one) => one.closest("[data-column]").dataset.column;
const listOf = (lane) => lane.querySelector(".lane-b") ?? lane;

function placeOf(card) {
  return { list: card.parentElement, next: card.nextElementSibling };
}

function putBack(card, { list, next }) {
  if (next?.parentElement === list) list.insertBefore(card, next);
  else list.append(card);
}

// The lanes of a card's column, one a row.
function lanesAlong(board, card) {
  return [...board.querySelectorAll(`.lane[data-column="${CSS.escape(columnOf(card))}"]`)];
}

async function send(board, card, from) {
  // Dropped on a .dz: its card belongs on top of the lane of the same name.
  if (!laneOf(card).matches(".lane")) listOf(lanesAlong(board, card)[0]).prepend(card);
  const values = {
    record: card.dataset.card,
    column: columnOf(card),
    row: laneOf(card).dataset.row ?? "",
    before: card.nextElementSibling?.dataset.card ?? "",
    version: card.dataset.version,
  };
  let isRefused = false;
  const refused = (event) => {
    event.stopPropagation();
    isRefused = true;
  };
  card.addEventListener("refused", refused);
  card.setAttribute("aria-busy", "true");
  await post(board.dataset.moveUrl, values, { source: card, target: card, swap: "outerHTML" });
  if (!isRefused && !card.isConnected) {
    const moved = board.querySelector(`[data-card="${CSS.escape(values.record)}"]`);
    moved?.focus({ preventScroll: true });
    return;
  }
  card.removeEventListener("refused", refused);
  card.removeAttribute("aria-busy");
  putBack(card, from);
  card.focus();
}

function moveTo(board, card, lane, before = listOf(lane).querySelector("[data-card]")) {
  if (card.hasAttribute("aria-busy")) return;
  const from = placeOf(card);
  listOf(lane).insertBefore(card, before);
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  send(board, card, from);
}

function onKey(board, event) {
  const card = event.target.closest("[data-card]");
  if (!card || event.target !== card || !event.shiftKey) return;
  const { across, along } = arrow(event);
  if (!across && !along) return;
  event.preventDefault();
  const cards = [...card.parentElement.querySelectorAll(":scope > [data-card]")];
  const place = cards.indexOf(card) + along;
  if (across || !cards[place]) {
    const within = laneOf(card).parentElement.querySelectorAll(":scope > .lane");
    const lanes = across ? [...within] : lanesAlong(board, card);
    const lane = lanes[lanes.indexOf(laneOf(card)) + (across || along)];
    if (lane) moveTo(board, card, lane);
    return;
  }
  moveTo(board, card, laneOf(card), along > 0 ? cards[place].nextElementSibling : cards[place]);
}

// Lanes come and go while the board stays, when others change what it shows.
ready("[data-move-url] .lane-b, [data-move-url] .dz", (list) => {
  const board = list.closest("[data-move-url]");
  let from = null;
  window.Sortable.create(list, {
    group: "cards",
    draggable: "[data-card]:not([aria-busy])",
    filter: "button, summary, input",
    preventOnFilter: false,
    ghostClass: "drop-ghost",
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    onStart: ({ item }) => {
      from = placeOf(item);
      board.toggleAttribute("data-dragging", true);
    },
    onEnd: ({ item, to, from: old, newIndex, oldIndex }) => {
      board.removeAttribute("data-dragging");
      if (to !== old || newIndex !== oldIndex) send(board, item, from);
    },
  });
});

export function bind(board) {
  board.addEventListener("keydown", (event) => onKey(board, event));
}

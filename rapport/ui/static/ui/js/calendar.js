// [data-calendar] around columns [data-day], whose [data-entry]s (data-object, -version, -start,
// -minutes) are dragged, at .ev-end by their end, or held with Shift+arrows and + or -, dropped with
// Enter, put back with Esc. Clocks are reckoned as if in UTC: the server knows their moments.
import { arrow, post } from "./page.js";

const [STEP, MINUTE] = [15, 60_000];
const form = { weekday: "short", hour: "numeric", minute: "numeric", timeZone: "UTC" };
const told = new Intl.DateTimeFormat(document.documentElement.lang, form);
const quarter = (column) => column.offsetHeight / column.closest("[data-hours]").dataset.hours / 4;
const left = (column) => column.getBoundingClientRect().left;

export function bind(calendar) {
  let held = null;
  const columns = () => [...calendar.querySelectorAll("[data-day]")];
  const hold = (entry, from, home = entry.parentElement) =>
    (held = { entry, home, column: home, by: 0, more: 0, ...from });
  const times = ({ entry, home, column, by, more }) => {
    const days = Date.parse(column.dataset.day) - Date.parse(home.dataset.day) + by * STEP * MINUTE;
    const start = Date.parse(`${entry.dataset.start}Z`) + days;
    return { start, minutes: Math.max(STEP, Number(entry.dataset.minutes) + more * STEP) };
  };
  const show = ({ entry, home, column, by, more }, { start, minutes }) => {
    entry.classList.add("held");
    entry.style.translate = `${left(column) - left(home)}px ${by * quarter(home)}px`;
    entry.style.marginBlockEnd = `${-more * quarter(home)}px`;
    const note = calendar.querySelector("[data-held]");
    note.textContent = told.formatRange(start, start + minutes * MINUTE);
    calendar.toggleAttribute("data-dragging", true);
  };
  const letGo = () => {
    held.entry.classList.remove("held");
    held.entry.removeAttribute("style");
    calendar.removeAttribute("data-dragging");
    held = null;
  };
  const drop = async ({ entry, more }, { start, minutes }) => {
    const { entry: record, object, version } = entry.dataset;
    const values = { record, version, start: new Date(start).toISOString().slice(0, 16) };
    if (more) values.minutes = minutes;
    await post(`/${object}/calendar/move/`, values, { source: entry }).finally(letGo);
  };
  calendar.addEventListener("keydown", (event) => {
    const entry = event.target.closest("[data-entry]");
    const { across = 0, along = 0 } = event.shiftKey ? arrow(event) : {};
    const more = entry?.querySelector(".ev-end") ? ({ "+": 1, "-": -1 }[event.key] ?? 0) : 0;
    if (held && event.key === "Escape") return letGo();
    if (held && event.key === "Enter") return drop(held, times(held), event.preventDefault());
    if (!entry || !(across || along || more)) return;
    event.preventDefault();
    if (held?.entry !== entry) hold(entry);
    const column = columns()[columns().indexOf(held.column) + across];
    if (column && !column.dataset.who) held.column = column;
    show(Object.assign(held, { by: held.by + along, more: held.more + more }), times(held));
  });
  calendar.addEventListener("pointerdown", ({ target, button, pointerType, clientX: x, clientY: y }) => {
    const [entry, name] = [target.closest("[data-entry]"), target.matches(".ev-end") ? "more" : "by"];
    if (entry && !held && !button && pointerType !== "touch") hold(entry, { x, y, name });
  });
  calendar.addEventListener("pointermove", ({ pointerId, clientX: x, clientY: y }) => {
    if (!held?.name || Math.hypot(x - held.x, y - held.y) < 5) return;
    calendar.setPointerCapture(pointerId);
    held[held.name] = Math.round((y - held.y) / quarter(held.home));
    const under = columns().findLast((one) => left(one) <= x && !one.dataset.who);
    show(Object.assign(held, under && held.name === "by" && { column: under }), times(held));
  });
  calendar.addEventListener("pointerup", ({ pointerId }) => {
    if (calendar.hasPointerCapture(pointerId)) drop(held, times(held));
    else held = held?.name ? null : held;
  });
}

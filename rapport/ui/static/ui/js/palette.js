// Search and commands: #palette, by Ctrl+K or any [data-palette]. Results are HTML from its
// data-url + "?q=&at=<path>", put into the listbox #palette-list: role=option elements with ids,
// in role=group; an option is a link, has data-dialog-url, or hx- attributes of its own (click).
// [data-status] in the answer is told.
import { show } from "./dialogs.js";
import { on } from "./page.js";
import { Listbox } from "./listbox.js";

const PAUSE = 120;
const palette = document.getElementById("palette");

function bind() {
  const input = document.getElementById("palette-input");
  const results = document.getElementById("palette-list");
  const status = document.getElementById("palette-status");
  const address = (text) => {
    const query = new URLSearchParams({ q: text, at: location.pathname });
    return `${palette.dataset.url}?${query}`;
  };
  const took = () => {
    status.textContent = results.querySelector("[data-status]")?.dataset.status ?? "";
  };
  const list = new Listbox(input, results, { ask: address, took, pause: PAUSE });

  const open = () => {
    if (palette.open) return;
    show(palette);
    input.select();
    list.askNow();
  };

  on("click", "[data-palette]", open);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    (await list.meant())?.click();
  });
  results.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== list.current) list.choose(option);
  });
  results.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && !option.matches("[data-dialog-url], [data-dialog]")) palette.close();
  });
  palette.addEventListener("close", () => list.drop());
}

if (palette) bind();

// A picker: <div data-combobox data-url="…"><input type="hidden" name="…"><input role="combobox"
// aria-controls="…"><div role="listbox" hidden></div></div>. The address + "?q=" answers
// <div role="option" id="…" data-value="…" data-label="…">. Choosing sets the hidden input and
// fires "change" on it; other text gives way to the last choice on leaving, none empties it.
import { ready } from "./page.js";
import { Listbox } from "./listbox.js";

const PAUSE = 200;

ready("[data-combobox]", (picker) => {
  const input = picker.querySelector("[role=combobox]");
  const holder = picker.querySelector("[role=listbox]");
  const value = picker.querySelector("input[type=hidden]");
  let label = input.value;

  const close = () => {
    holder.hidden = true;
    input.setAttribute("aria-expanded", "false");
    list.drop();
  };
  const address = (text) => {
    const url = new URL(picker.dataset.url, location.href);
    url.searchParams.set("q", text);
    return url;
  };
  const list = new Listbox(input, holder, {
    ask: address,
    took: () => {
      holder.hidden = !list.options.length;
    },
    pause: PAUSE,
  });
  const take = (option) => {
    label = option?.dataset.label ?? "";
    input.value = label;
    value.value = option?.dataset.value ?? "";
    close();
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };

  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !holder.hidden && list.current) {
      event.preventDefault();
      event.stopPropagation();
      take(list.current);
    } else if (event.key === "Escape" && !holder.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "ArrowDown" && holder.hidden) list.askNow();
  });
  // Before the input loses focus, which would take the list away.
  holder.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  input.addEventListener("blur", () => {
    close();
    if (!input.value.trim()) take(null);
    else input.value = label;
  });
});

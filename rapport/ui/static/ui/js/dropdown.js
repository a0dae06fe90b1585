// A list that drops down under an input, from which Enter or the pointer takes an option. Whoever
// extends it has a list, says what take(option) does, and what other keys do.
import { say } from "./listbox.js";

let count = 0;

export function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

export function listFor(name) {
  const id = `lookup-${(count += 1)}`;
  const holder = element("div", { class: "lookup-list", id, role: "listbox", "aria-label": name });
  if (CSS.supports("anchor-name: --a")) holder.popover = "manual";
  return holder;
}

export class Dropdown {
  constructor(input, holder) {
    Object.assign(this, { input, holder });
    holder.hidden = true;
    input.setAttribute("aria-controls", holder.id);
    input.setAttribute("aria-autocomplete", "list");
    // Long text stays what it is, and only offers words.
    if (input.matches("input")) input.role = "combobox";
    say(input, false);
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // Before the input loses focus, which would take the list away.
    holder.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const option = event.target.closest("[role=option]:not([aria-disabled=true])");
      if (option) this.take(option);
    });
  }

  get isOpen() {
    return !this.holder.hidden;
  }

  show() {
    this.holder.hidden = false;
    if (this.holder.popover) this.holder.showPopover();
    say(this.input, true);
  }

  close() {
    if (!this.isOpen) return;
    if (this.holder.popover) this.holder.hidePopover();
    this.holder.hidden = true;
    say(this.input, false);
    this.input.removeAttribute("aria-activedescendant");
  }

  async takeMeant() {
    const option = await this.list.meant();
    if (option) this.take(option);
  }

  key(event) {
    const option = this.isOpen && this.list.current;
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && isPlain && (option || this.list.isLate)) this.takeMeant();
    else if (event.key === "Escape" && this.isOpen) this.close();
    else return this.otherKey(event);
    event.preventDefault();
    return event.stopPropagation();
  }
}

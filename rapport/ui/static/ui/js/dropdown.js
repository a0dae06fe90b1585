// A list that drops down under an input, from which Enter or the pointer takes an option. Whoever
// extends it has a list, says what take(option) does, and what other keys do.

const isAnchored = CSS.supports("anchor-name: --a") && "popover" in HTMLElement.prototype;
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
  if (isAnchored) holder.popover = "manual";
  holder.hidden = true;
  return holder;
}

export class Dropdown {
  constructor(root, input, holder) {
    Object.assign(this, { root, input, holder });
    const combobox = {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": holder.id,
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
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
    this.root.toggleAttribute("data-open", true);
    if (this.holder.popover) this.holder.showPopover();
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    if (!this.isOpen) return;
    if (this.holder.popover) this.holder.hidePopover();
    this.holder.hidden = true;
    this.root.removeAttribute("data-open");
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const option = this.isOpen && this.list.current;
    const isPlain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && option && isPlain) this.take(option);
    else if (event.key === "Escape" && this.isOpen) this.close();
    else return this.otherKey(event);
    event.preventDefault();
    return event.stopPropagation();
  }
}

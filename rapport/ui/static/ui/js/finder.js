// A select box with many choices that can be searched: <select data-finder>. The box stays, unseen,
// and is what the form sends; an input in its place narrows its options, whatever the accents.
import { ready } from "./page.js";

const isAnchored = CSS.supports("anchor-name: --a") && "popover" in HTMLElement.prototype;
let count = 0;

const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLocaleLowerCase();

function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

class Finder {
  constructor(select) {
    this.select = select;
    this.root = element("span", { class: "lookup finder" });
    this.holder = element("div", {
      class: "lookup-list",
      id: `finder-${(count += 1)}`,
      role: "listbox",
      "aria-label": select.getAttribute("aria-label"),
    });
    this.holder.hidden = true;
    if (isAnchored) this.holder.popover = "manual";
    this.input = element("input", {
      class: "select",
      type: "text",
      id: `${select.id}-finder`,
      role: "combobox",
      autocomplete: "off",
      "aria-label": select.getAttribute("aria-label"),
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.holder.id,
    });
    select.hidden = true;
    select.before(this.root);
    this.root.append(this.input, select, this.holder);
    this.show();
    this.bind();
  }

  show() {
    const chosen = this.select.selectedOptions[0];
    const isBlank = !chosen || !chosen.value;
    this.input.value = isBlank ? "" : chosen.textContent;
    this.input.placeholder = isBlank ? (chosen?.textContent ?? "") : "";
    this.input.title = this.input.value;
  }

  bind() {
    this.input.addEventListener("click", () => this.holder.hidden && this.open(""));
    this.input.addEventListener("input", (event) => {
      // Words on their way to a choice are no part of the form yet.
      event.stopPropagation();
      this.open(this.input.value);
    });
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.close());
    this.holder.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get options() {
    return [...this.holder.querySelectorAll("[role=option]")];
  }

  get current() {
    return this.holder.querySelector("[aria-selected=true]");
  }

  open(text) {
    this.draw(plain(text.trim()));
    const options = this.options;
    const chosen = options.find((one) => one.dataset.value === this.select.value);
    this.holder.hidden = false;
    this.root.toggleAttribute("data-open", true);
    if (isAnchored) this.holder.showPopover();
    this.input.setAttribute("aria-expanded", "true");
    this.choose((!text && chosen) || options[0]);
  }

  draw(wanted) {
    this.holder.replaceChildren();
    const groups = [...this.select.children].filter((one) => one.matches("optgroup"));
    for (const [number, group] of groups.entries()) {
      const found = [...group.children].filter((one) => plain(one.textContent).includes(wanted));
      if (found.length) this.holder.append(this.group(group.label, found, number));
    }
    const loose = [...this.select.children].filter(
      (one) => one.matches("option") && one.value && plain(one.textContent).includes(wanted),
    );
    this.holder.prepend(...loose.map((one) => this.option(one)));
  }

  group(label, options, number) {
    const id = `${this.holder.id}-g${number}`;
    const made = element("div", { role: "group", "aria-labelledby": id });
    made.append(element("div", { role: "presentation", id }, label));
    made.append(...options.map((one) => this.option(one)));
    return made;
  }

  option({ value, textContent, index }) {
    const id = `${this.holder.id}-${index}`;
    const made = element("div", { role: "option", id, "aria-selected": "false" }, textContent);
    made.dataset.value = value;
    return made;
  }

  choose(option) {
    this.current?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const isOpen = !this.holder.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) return this.open("");
      const next = this.options.indexOf(this.current) + step;
      return this.choose(this.options.at(next % this.options.length));
    }
    if (event.ctrlKey || event.metaKey || !isOpen) return;
    if (event.key === "Enter" && this.current) {
      event.preventDefault();
      event.stopPropagation();
      this.take(this.current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  take(option) {
    const isOther = this.select.value !== option.dataset.value;
    this.select.value = option.dataset.value;
    this.close();
    if (isOther) this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    if (!this.holder.hidden) {
      if (isAnchored) this.holder.hidePopover();
      this.holder.hidden = true;
      this.root.removeAttribute("data-open");
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
    this.show();
  }
}

ready("select[data-finder]", (select) => new Finder(select));

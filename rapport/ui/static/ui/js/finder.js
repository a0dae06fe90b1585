// A select box with many choices that can be searched: <select data-finder>. The box stays, unseen,
// and is what the form sends; an input in its place narrows its options, whatever the accents.
import { Dropdown, element, listFor } from "./dropdown.js";
import { Options } from "./listbox.js";
import { ready } from "./page.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

class Finder extends Dropdown {
  constructor(select) {
    const name = select.getAttribute("aria-label");
    const input = element("input", {
      class: "select",
      type: "text",
      id: `${select.id}-finder`,
      autocomplete: "off",
      "aria-label": name,
    });
    super(input, listFor(name));
    this.root = element("span", { class: "lookup finder" });
    this.select = select;
    this.list = new Options(input, this.holder);
    select.hidden = true;
    select.before(this.root);
    this.root.append(input, select, this.holder);
    this.say();
    this.bind();
  }

  say() {
    const chosen = this.select.selectedOptions[0];
    const isBlank = !chosen || !chosen.value;
    this.input.value = isBlank ? "" : chosen.textContent;
    this.input.placeholder = isBlank ? (chosen?.textContent ?? "") : "";
    this.input.title = this.input.value;
  }

  bind() {
    this.input.addEventListener("click", () => this.isOpen || this.open(""));
    this.input.addEventListener("input", (event) => {
      // Words on their way to a choice are no part of the form yet.
      event.stopPropagation();
      this.open(this.input.value);
    });
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("focus", () => this.input.select());
  }

  open(text) {
    this.draw(plain(text.trim()));
    const { options } = this.list;
    const chosen = options.find((one) => one.dataset.value === this.select.value);
    this.show();
    this.list.choose((!text && chosen) || options[0]);
  }

  draw(wanted) {
    const isWanted = (one) => one.value && plain(one.textContent).includes(wanted);
    const wantedOnes = [...this.select.options].filter(isWanted);
    const grouped = Map.groupBy(wantedOnes, (one) => one.closest("optgroup")?.label ?? "");
    const loose = (grouped.get("") ?? []).map((one) => this.option(one));
    grouped.delete("");
    const groups = [...grouped].map(([label, found], number) => this.group(label, found, number));
    this.holder.replaceChildren(...loose, ...groups);
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

  otherKey(event) {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    if (this.isOpen) this.list.choose(this.list.next(event));
    else this.open("");
  }

  take(option) {
    const isOther = this.select.value !== option.dataset.value;
    this.select.value = option.dataset.value;
    this.close();
    if (isOther) this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    super.close();
    this.say();
  }
}

ready("select[data-finder]", (select) => new Finder(select));

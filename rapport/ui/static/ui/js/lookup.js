// Naming another record. <span class="lookup" data-lookup="company"><input name="x"><input
// type="hidden" name="x.id"></span>: choosing from the list of /lookup/company/?q= sets both; typing
// on empties the key, and the server goes by the words. With data-lookup-many="x" every choice
// becomes a token, kept as JSON in x.picked instead of the tick boxes of the page without script;
// data-remove is how a token's button is called. A bare <input data-lookup name="x"> sends the key.
// An option with data-make is a record that does not exist yet: it is created, then chosen.
import { on, ready } from "./page.js";
import { Listbox } from "./listbox.js";

const PAUSE = 150;
const isAnchored = CSS.supports("anchor-name: --a") && "popover" in HTMLElement.prototype;
let count = 0;

class Picker {
  constructor(root, input, object) {
    Object.assign(this, { root, input, object });
    this.holder = document.createElement("div");
    this.holder.id = `lookup-${(count += 1)}`;
    this.holder.className = "lookup-list";
    this.holder.hidden = true;
    this.holder.setAttribute("role", "listbox");
    this.holder.setAttribute("aria-label", nameOf(input));
    if (isAnchored) this.holder.popover = "manual";
    input.after(this.holder);
    const combobox = {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": this.holder.id,
      "aria-autocomplete": "list",
    };
    for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
    this.list = new Listbox(input, this.holder, {
      ask: (text) => this.address(text),
      took: () => this.open(),
      pause: PAUSE,
    });
    this.bind();
  }

  address(text) {
    const url = new URL(`/lookup/${this.object}/`, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("list", this.holder.id);
    return url;
  }

  bind() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("click", () => this.holder.hidden && this.list.askNow());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // Before the input loses focus, which would take the list away.
    this.holder.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      const option = event.target.closest("[role=option]:not([aria-disabled=true])");
      if (option) this.take(option);
    });
  }

  get isOpen() {
    return !this.holder.hidden;
  }

  open() {
    if (document.activeElement !== this.input || !this.holder.childElementCount) return;
    this.holder.hidden = false;
    this.root.toggleAttribute("data-open", true);
    if (isAnchored) this.holder.showPopover();
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.drop();
    if (!this.isOpen) return;
    if (isAnchored) this.holder.hidePopover();
    this.holder.hidden = true;
    this.root.removeAttribute("data-open");
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const option = this.isOpen && this.list.current;
    if (event.key === "Enter" && option && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      this.take(option);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && option && this.isMeant(option)) {
      this.take(option);
    } else if (event.key === "ArrowDown" && !this.isOpen) {
      event.preventDefault();
      this.list.askNow();
    } else this.otherKey(event);
  }

  // Tab takes what the typed letters begin, nothing that merely happens to be first.
  isMeant(option) {
    const typed = this.input.value.trim().toLocaleLowerCase();
    return typed && option.dataset.label?.toLocaleLowerCase().startsWith(typed);
  }

  async take(option) {
    const made = option.matches("[data-make]") ? await this.make(option.dataset.make) : option;
    this.close();
    if (!made) return;
    this.chosen(made.dataset.value, made.dataset.label);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async make(text) {
    await window.htmx.ajax("POST", `/lookup/${this.object}/make/`, {
      source: this.holder,
      target: this.holder,
      swap: "innerHTML",
      values: { q: text },
    });
    return this.holder.querySelector("[data-value]:not([data-make])");
  }

  typed() {}

  otherKey() {}
}

class One extends Picker {
  constructor(root) {
    super(root, root.querySelector("input:not([type=hidden])"), root.dataset.lookup);
    this.id = root.querySelector('input[name$=".id"]');
    // As a text that is not shown, a draft keeps it beside the words.
    Object.assign(this.id, { type: "text", hidden: true });
  }

  typed() {
    this.id.value = "";
  }

  chosen(value, label) {
    this.input.value = label;
    this.id.value = value.split(":").pop();
  }
}

class Bare extends Picker {
  constructor(input) {
    const root = document.createElement("span");
    root.className = "lookup";
    input.replaceWith(root);
    root.append(input);
    super(root, input, input.dataset.lookup);
    this.value = document.createElement("input");
    Object.assign(this.value, { type: "hidden", name: input.name, value: input.value });
    input.removeAttribute("name");
    if (input.dataset.title) input.value = input.dataset.title;
    root.append(this.value);
  }

  typed() {
    this.value.value = this.input.value;
  }

  chosen(value, label) {
    this.input.value = label;
    this.value.value = value.split(":").pop();
  }
}

class Many extends Picker {
  constructor(root) {
    super(root, root.querySelector(":scope > input"), root.dataset.lookup);
    this.store = document.createElement("input");
    const name = `${root.dataset.lookupMany}.picked`;
    Object.assign(this.store, { type: "text", hidden: true, name, value: "[]" });
    root.append(this.store);
    for (const token of root.querySelectorAll(".token")) {
      const box = token.querySelector("input");
      if (box.checked) this.add(box.value, token.textContent.trim());
      token.remove();
    }
    this.draw();
    this.input.form?.addEventListener("draft-filled", () => this.draw());
    root.addEventListener("click", (event) => {
      const button = event.target.closest(".token button");
      if (button) this.remove(button.value);
      else if (event.target === root) this.input.focus();
    });
  }

  get picked() {
    try {
      return JSON.parse(this.store.value || "[]");
    } catch {
      return [];
    }
  }

  add(value, label) {
    const others = this.picked.filter(([known]) => known !== value);
    this.store.value = JSON.stringify([...others, [value, label]]);
  }

  remove(value) {
    this.store.value = JSON.stringify(this.picked.filter(([known]) => known !== value));
    this.draw();
    this.input.focus();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  draw() {
    for (const token of this.root.querySelectorAll(".token")) token.remove();
    for (const [value, label] of this.picked) this.input.before(this.token(value, label));
  }

  token(value, label) {
    const token = document.createElement("span");
    token.className = "token";
    const text = document.createElement("span");
    Object.assign(text, { dir: "auto", textContent: label });
    const button = document.createElement("button");
    Object.assign(button, { type: "button", value, textContent: "×" });
    button.setAttribute("aria-label", `${this.root.dataset.remove} ${label}`);
    token.append(text, button);
    return token;
  }

  chosen(value, label) {
    this.add(value, label);
    this.input.value = "";
    this.draw();
  }

  otherKey(event) {
    const last = this.picked.at(-1);
    if (event.key === "Backspace" && !this.input.value && last) this.remove(last[0]);
  }
}

function nameOf(input) {
  return input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent.trim() ?? "";
}

ready(".lookup[data-lookup]:not([data-lookup-many])", (root) => new One(root));
ready(".lookup[data-lookup-many]", (root) => new Many(root));
ready("input[data-lookup]", (input) => new Bare(input));
// A press on a token's button must not make an open cell believe it was left.
on("pointerdown", ".lookup .token button", (event) => event.preventDefault());

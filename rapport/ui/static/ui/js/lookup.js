// Naming another record. <span class="lookup" data-lookup="company"><input name="x"><input
// type="hidden" name="x.id"></span>: choosing from the list of /lookup/company/?q= sets both; typing
// on empties the key, and the server goes by the words. With data-lookup-many="x" every choice
// becomes a token, kept as JSON in x.picked instead of the tick boxes of the page without script;
// data-remove is how a token's button is called. A bare <input data-lookup name="x"> sends the key.
// An option with data-make is a record that does not exist yet: it is created, then chosen.
import { Dropdown, element, listFor } from "./dropdown.js";
import { on, ready } from "./page.js";
import { Listbox } from "./listbox.js";

const PAUSE = 150;

class Picker extends Dropdown {
  constructor(root, input, object) {
    super(input, listFor(nameOf(input)));
    Object.assign(this, { root, object });
    input.after(this.holder);
    this.list = new Listbox(input, this.holder, {
      ask: (text) => this.address(text),
      took: () => this.open(),
      pause: PAUSE,
    });
    input.addEventListener("input", () => this.typed());
    input.addEventListener("click", () => this.isOpen || this.list.askNow());
  }

  address(text) {
    const url = new URL(`/lookup/${this.object}/`, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("list", this.holder.id);
    return url;
  }

  open() {
    if (document.activeElement === this.input && this.holder.childElementCount) this.show();
  }

  close() {
    this.list.drop();
    super.close();
  }

  otherKey(event) {
    const option = this.isOpen && this.list.current;
    if (event.key === "Tab" && option && this.isMeant(option)) this.take(option);
    else if (event.key === "ArrowDown" && !this.isOpen) {
      event.preventDefault();
      this.list.askNow();
    }
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

  // What the form sends beside the words.
  typed() {
    this.sent.value = "";
  }

  chosen(value, label) {
    this.input.value = label;
    this.sent.value = value.split(":").pop();
  }
}

class One extends Picker {
  constructor(root) {
    super(root, root.querySelector("input:not([type=hidden])"), root.dataset.lookup);
    this.sent = root.querySelector('input[name$=".id"]');
    // As a text that is not shown, a draft keeps it beside the words.
    Object.assign(this.sent, { type: "text", hidden: true });
  }
}

class Bare extends Picker {
  constructor(input) {
    const root = element("span", { class: "lookup" });
    input.replaceWith(root);
    root.append(input);
    super(root, input, input.dataset.lookup);
    this.sent = element("input", { type: "hidden", name: input.name, value: input.value });
    input.removeAttribute("name");
    if (input.dataset.title) input.value = input.dataset.title;
    root.append(this.sent);
  }

  typed() {
    this.sent.value = this.input.value;
  }
}

class Many extends Picker {
  constructor(root) {
    super(root, root.querySelector(":scope > input"), root.dataset.lookup);
    const name = `${root.dataset.lookupMany}.picked`;
    this.sent = element("input", { type: "text", hidden: "", name, value: "[]" });
    root.append(this.sent);
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
    return JSON.parse(this.sent.value || "[]");
  }

  add(value, label) {
    const others = this.picked.filter(([known]) => known !== value);
    this.sent.value = JSON.stringify([...others, [value, label]]);
  }

  remove(value) {
    this.sent.value = JSON.stringify(this.picked.filter(([known]) => known !== value));
    this.draw();
    this.input.focus();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  draw() {
    for (const token of this.root.querySelectorAll(".token")) token.remove();
    for (const [value, label] of this.picked) this.input.before(this.token(value, label));
  }

  token(value, label) {
    const name = `${this.root.dataset.remove} ${label}`;
    const token = element("span", { class: "token" });
    const button = element("button", { type: "button", value, "aria-label": name }, "×");
    token.append(element("span", { dir: "auto" }, label), button);
    return token;
  }

  typed() {}

  chosen(value, label) {
    this.add(value, label);
    this.input.value = "";
    this.draw();
  }

  otherKey(event) {
    const last = this.picked.at(-1);
    if (event.key === "Backspace" && !this.input.value && last) this.remove(last[0]);
    else super.otherKey(event);
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

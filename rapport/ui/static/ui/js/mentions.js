// <form data-mentions-url="…">: @ in its textareas offers people. The address answers
// <div role="option" id="…" data-label="Name">, asked for once; choosing writes "@Name ".
import { Dropdown, element } from "./dropdown.js";
import { Options } from "./listbox.js";
import { load } from "./page.js";

const BEFORE_CARET = /(?:^|[\s(])@([^\s@][^@\n]{0,40}|)$/;

class Mentions extends Dropdown {
  constructor(input, url) {
    const id = `${input.id}-mentions`;
    super(input, element("div", { class: "mention-list", id, role: "listbox", "aria-label": "@" }));
    this.holder.dataset.aside = "";
    input.after(this.holder);
    this.list = new Options(input, this.holder);
    this.url = url;
    input.addEventListener("input", () => this.offer());
  }

  get typed() {
    return BEFORE_CARET.exec(this.input.value.slice(0, this.input.selectionStart))?.[1];
  }

  async offer() {
    if (this.typed !== undefined) await (this.asked ??= load(this.url, this.holder));
    if (!this.holder.childElementCount) this.asked = null;
    if (this.typed === undefined || !this.narrow(this.typed)) return this.close();
    this.show();
    return this.list.choose(this.list.options[0]);
  }

  narrow(typed) {
    const wanted = typed.toLocaleLowerCase();
    for (const option of this.holder.querySelectorAll("[role=option]")) {
      const words = option.dataset.label.toLocaleLowerCase();
      option.hidden = !words.startsWith(wanted) && !words.includes(` ${wanted}`);
    }
    return this.list.options.length > 0;
  }

  otherKey(event) {
    const option = this.isOpen && this.list.next(event);
    if (option) this.list.choose(option);
    else if (this.isOpen && event.key === "Tab") this.takeMeant();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(option) {
    const caret = this.input.selectionStart;
    const start = caret - this.typed.length;
    this.input.setRangeText(`${option.dataset.label} `, start, caret, "end");
    this.close();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function bind(form) {
  const { mentionsUrl } = form.dataset;
  for (const input of form.querySelectorAll("textarea")) new Mentions(input, mentionsUrl);
}

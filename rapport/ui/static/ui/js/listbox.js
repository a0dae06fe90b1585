// A combobox's list: one option is current (aria-activedescendant), arrows move it, Home and End
// too. Answers are asked for after a pause; one that comes late, after newer typing, is dropped.

export class Listbox {
  // ask(text) gives the address of the options' HTML; took(holder) is told when they arrived.
  constructor(input, holder, { ask, took = () => {}, pause }) {
    Object.assign(this, { input, holder, ask, took, pause });
    this.asked = null;
    this.isOffered = false;
    this.timer = 0;
    input.addEventListener("input", () => this.askSoon());
    input.addEventListener("keydown", (event) => this.move(event));
  }

  get options() {
    return [...this.holder.querySelectorAll("[role=option]:not([aria-disabled=true])")];
  }

  get current() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true");
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.askNow(), this.pause);
  }

  async askNow() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
    try {
      const answer = await fetch(this.ask(this.input.value), { headers, signal: asked.signal });
      const html = await answer.text();
      if (this.asked !== asked || !answer.ok) return;
      await window.htmx.swap({
        text: html,
        target: this.holder,
        sourceElement: this.holder,
        swap: "innerHTML",
      });
      this.choose(this.options[0]);
      this.isOffered = true;
      this.took(this.holder);
    } catch (error) {
      if (error.name !== "AbortError") this.holder.replaceChildren();
    }
  }

  drop() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = null;
  }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    if (option?.id) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    option?.dispatchEvent(new CustomEvent("current", { bubbles: true }));
  }

  move(event) {
    const options = this.options;
    if (!options.length) return;
    const now = options.indexOf(this.current);
    const next = { ArrowDown: now + 1, ArrowUp: now - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const option = options.at(next % options.length);
    // Whoever presses an arrow at the only hit means that one; what is new takes one more.
    const isMeant = this.isOffered && event.key === "ArrowDown" && option.matches("[data-make]");
    this.isOffered = false;
    if (!isMeant) this.choose(option);
  }
}

// A combobox's list: one option is current (aria-activedescendant), and arrows move it.

export function say(input, isExpanded) {
  if (input.role === "combobox") input.ariaExpanded = String(isExpanded);
}

export class Options {
  constructor(input, holder) {
    Object.assign(this, { input, holder });
  }

  get options() {
    const isOffered = ":not([aria-disabled=true], [hidden])";
    return [...this.holder.querySelectorAll(`[role=option]${isOffered}`)];
  }

  get current() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true");
  }

  // Whether an answer is on its way, so that what is offered is about words typed before.
  get isLate() {
    return false;
  }

  async meant() {
    return this.current;
  }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    say(this.input, this.options.length > 0);
    if (option?.id) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  // The option that an arrow leads to.
  next(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { options } = this;
    return step && options.at((options.indexOf(this.current) + step) % options.length);
  }
}

// Its answers are asked for after a pause; one that comes late, after newer typing, is dropped.
export class Listbox extends Options {
  // ask(text) gives the address of the options' HTML; took(holder) is told when they arrived.
  constructor(input, holder, { ask, took = () => {}, pause }) {
    super(input, holder);
    Object.assign(this, { ask, took, pause, asked: null, isOffered: false, timer: 0 });
    input.addEventListener("input", () => this.askSoon());
    input.addEventListener("keydown", (event) => this.move(event));
  }

  askSoon() {
    this.drop();
    this.timer = setTimeout(() => this.askNow(), this.pause);
  }

  askNow() {
    this.drop();
    this.asked = new AbortController();
    this.answer = this.bring(this.asked);
  }

  async bring(asked) {
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
    const { holder } = this;
    try {
      const answer = await fetch(this.ask(this.input.value), { headers, signal: asked.signal });
      const text = await answer.text();
      if (this.asked !== asked || !answer.ok) return;
      await window.htmx.swap({ text, target: holder, sourceElement: holder, swap: "innerHTML" });
      this.choose(this.options[0]);
      this.isOffered = true;
      this.took(holder);
    } catch (error) {
      if (error.name !== "AbortError") holder.replaceChildren();
    } finally {
      if (this.asked === asked) this.asked = null;
    }
  }

  get isLate() {
    return Boolean(this.timer || this.asked);
  }

  // Once the answer to what is typed is there.
  async meant() {
    if (this.timer) this.askNow();
    const { asked } = this;
    if (asked) await this.answer;
    return asked?.signal.aborted ? null : this.current;
  }

  drop() {
    clearTimeout(this.timer);
    this.asked?.abort();
    Object.assign(this, { timer: 0, asked: null });
  }

  move(event) {
    const option = this.next(event);
    if (!option) return;
    event.preventDefault();
    // Whoever presses an arrow at the only hit means that one; what is new takes one more.
    const isMeant = this.isOffered && event.key === "ArrowDown" && option.matches("[data-make]");
    this.isOffered = false;
    if (!isMeant) this.choose(option);
  }
}

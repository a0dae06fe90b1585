// <form data-mentions-url="…">: @ in its textareas offers people. The address answers
// <div role="option" id="…" data-label="Name">, asked for once; choosing writes "@Name ".
const BEFORE_CARET = /(?:^|[\s(])@([^\s@][^@\n]{0,40}|)$/;

function optionsOf(holder) {
  return [...holder.querySelectorAll("[role=option]:not([hidden])")];
}

function choose(input, holder, option) {
  for (const other of optionsOf(holder)) {
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function narrow(holder, typed) {
  const wanted = typed.toLocaleLowerCase();
  for (const option of holder.querySelectorAll("[role=option]")) {
    const words = option.dataset.label.toLocaleLowerCase();
    option.hidden = !words.startsWith(wanted) && !words.includes(` ${wanted}`);
  }
}

function bindTo(input, url) {
  const holder = document.createElement("div");
  holder.className = "mention-list";
  holder.id = `${input.id}-mentions`;
  holder.setAttribute("role", "listbox");
  holder.setAttribute("aria-label", "@");
  holder.hidden = true;
  input.after(holder);
  input.setAttribute("aria-controls", holder.id);
  input.setAttribute("aria-autocomplete", "list");
  let asked = null;

  const typed = () => BEFORE_CARET.exec(input.value.slice(0, input.selectionStart))?.[1];
  const close = () => {
    holder.hidden = true;
    choose(input, holder, null);
  };
  const ask = async () => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const target = { text: await answer.text(), target: holder, sourceElement: holder };
    await window.htmx.swap({ ...target, swap: "innerHTML" });
  };
  const offer = async () => {
    if (typed() === undefined) return close();
    try {
      await (asked ??= ask());
    } catch {
      asked = null;
      return close();
    }
    const text = typed();
    if (text === undefined) return close();
    narrow(holder, text);
    const options = optionsOf(holder);
    holder.hidden = !options.length;
    return choose(input, holder, options[0]);
  };
  const take = (option) => {
    const caret = input.selectionStart;
    const start = caret - typed().length;
    input.setRangeText(`${option.dataset.label} `, start, caret, "end");
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  input.addEventListener("input", offer);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (holder.hidden) return;
    const options = optionsOf(holder);
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(input, holder, options.at((now + step) % options.length));
    else if (["Enter", "Tab"].includes(event.key) && !event.ctrlKey && now >= 0) take(options[now]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  holder.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

export function bind(form) {
  for (const input of form.querySelectorAll("textarea")) bindTo(input, form.dataset.mentionsUrl);
}

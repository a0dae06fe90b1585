// <select data-scope="present value"> in .scope: the bars follow the choice, a change is marked.
const BARS = { none: "s0", rule: "s1", own: "s1", team: "s2", below: "s3", all: "s4" };

document.addEventListener("change", ({ target }) => {
  const box = target.closest?.(".scope");
  if (!box || !target.matches("select[data-scope]")) return;
  box.classList.remove(...Object.values(BARS));
  box.classList.add(BARS[target.value]);
  box.classList.toggle("chg", target.value !== target.dataset.scope);
});

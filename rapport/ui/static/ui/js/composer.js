// The composer of a timeline: a link of .comp-tabs brings another form, which gets the focus.

const FIELD = "#composer form :is(input:not([type=hidden], [type=file]), select, textarea)";

document.addEventListener("htmx:after:swap", ({ target, detail: { ctx } }) => {
  const isAsked = target.id === "composer" && ctx.request.method === "GET";
  if (isAsked) document.querySelector(FIELD)?.focus();
});

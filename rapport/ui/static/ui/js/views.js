// The tab of the view that is shown is brought into sight.
// Groups of a list: <tbody class="grouped"> with a button[data-group]; its rows are fetched when
// they come into sight, those of a closed group when it is opened.
import { on, ready } from "./page.js";

on("click", "[data-group]", (_event, button) => {
  const body = button.closest("tbody");
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  body.toggleAttribute("data-closed", isOpen);
  if (!isOpen) body.querySelector(".more-rows[hx-trigger=open]")?.dispatchEvent(new Event("open"));
});

ready("nav.views [aria-current=page]", (tab) => {
  // scrollIntoView would have Tab begin here, and not with the way past the navigation.
  const row = tab.parentElement;
  row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right + 48;
});

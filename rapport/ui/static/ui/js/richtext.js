// Long text: <textarea data-richtext> gives way to <input type="hidden" id="x" name="…"><trix-editor
// input="x" class="in">, which a page may also hold itself. Where people are mentioned it stays a
// textarea. The editor and its style load with the first one on a page. Files dropped into it are refused: attachments
// have their own place.

export async function load() {
  if (!document.getElementById("trix-style")) {
    const style = document.createElement("link");
    Object.assign(style, { id: "trix-style", rel: "stylesheet" });
    style.href = new URL("../richtext.css", import.meta.url).href;
    // After the main sheet, which says how the layers stand.
    document.head.append(style);
  }
  await import("../vendor/trix.min.js");
}

// The form sends what it was given until somebody types: the editor's own spelling of the same text
// would look like a change.
// Until the editor is there the textarea stays, and so does what is typed in it.
export async function upgrade(area) {
  if (area.closest("[data-mentions-url]")) return;
  await load();
  if (!area.isConnected) return;
  const given = area.value;
  const store = document.createElement("input");
  Object.assign(store, { type: "hidden", id: `${area.id}-html`, name: area.name });
  store.value = given.includes("<") ? given : asHtml(given);
  const editor = document.createElement("trix-editor");
  editor.setAttribute("input", store.id);
  for (const { name, value } of area.attributes) {
    if (["id", "class"].includes(name) || name.startsWith("aria-")) editor.setAttribute(name, value);
  }
  const label = area.labels[0];
  if (label) {
    label.id ||= `${area.id}-label`;
    editor.setAttribute("aria-labelledby", label.id);
  }
  const hadFocus = document.activeElement === area;
  editor.addEventListener("trix-initialize", () => {
    store.value = given;
    if (!hadFocus) return;
    editor.focus();
    editor.editor.setSelectedRange(editor.editor.getDocument().getLength() - 1);
  });
  area.replaceWith(store, editor);
}

function asHtml(text) {
  const holder = document.createElement("div");
  holder.textContent = text;
  return holder.innerHTML.replaceAll("\n", "<br>");
}

document.addEventListener("trix-file-accept", (event) => event.preventDefault());

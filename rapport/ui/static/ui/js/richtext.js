// Long text: <input type="hidden" id="x" name="…"><trix-editor input="x" class="in">. The editor
// and its style load with the first one on a page. Files dropped into it are refused: attachments
// have their own place.

export async function load() {
  if (!document.getElementById("trix-style")) {
    const style = document.createElement("link");
    Object.assign(style, { id: "trix-style", rel: "stylesheet" });
    style.href = new URL("../richtext.css", import.meta.url).href;
    document.head.prepend(style);
  }
  await import("../vendor/trix.min.js");
}

document.addEventListener("trix-file-accept", (event) => event.preventDefault());

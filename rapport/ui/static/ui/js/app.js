// The page's behaviour. Every module binds itself by data- attributes, on the document where it
// can, so that what htmx swaps in works without being told. Heavy parts load where they are used.
import "./settings.js";
import "./csrf.js";
import "./responses.js";
import "./connection.js";
import "./comeback.js";
import "./session.js";
import "./toasts.js";
import "./dialogs.js";
import "./popovers.js";
import "./forms.js";
import "./repeat.js";
import "./composer.js";
// Before the drafts, which fill in what the pickers have made of the inputs.
import "./lookup.js";
import "./drafts.js";
import "./keyboard.js";
import "./palette.js";
import "./list.js";
import "./cells.js";
import "./paste.js";
import "./columns.js";
import "./views.js";
import "./panes.js";
import "./live.js";
import { ready } from "./page.js";

ready("[data-move-url]", async (board) => (await import("./board.js")).bind(board));
ready("[data-calendar]", async (days) => (await import("./calendar.js")).bind(days));
ready("trix-editor", async () => (await import("./richtext.js")).load());
ready("textarea[data-richtext]", async (area) => (await import("./richtext.js")).upgrade(area));
ready("[data-mentions-url]", async (form) => (await import("./mentions.js")).bind(form));
ready("form[data-asks-url]", async (form) => (await import("./asking.js")).bind(form));
ready("form[data-passkey]", async (form) => (await import("./passkeys.js")).bind(form));
ready("[data-signature]", async (part) => (await import("./signature.js")).bind(part));
ready("form[data-builder]", async (form) => (await import("./builder.js")).bind(form));

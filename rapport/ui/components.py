"""Components as functions to safe text, for kinds and views; templates use the `ui` tags."""

import re
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .html import Markup
from .initials import initials
from .pulse import pulse

__all__ = ["avatar", "dot", "hue", "icon", "icon_names", "initials"]
__all__ += ["meter", "next_step", "pulse", "tag", "why"]

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
HUES = 8
_METER_STEP = 5
_AVATAR = Markup('<span class="{}" aria-hidden="true">{}</span>')
_TAG = Markup('<span class="tag {}">{}</span>')
_DOT = Markup('<span class="dot {}" aria-hidden="true"></span>{}')
_STEP = Markup('<span class="nx">{}<span class="trunc">{}</span></span>')
_NO_STEP = Markup('<span class="nonext">{}</span>')
_ADD_STEP = Markup(
    '<button class="nonext" type="button" data-key="n" data-dialog-url="{}">{}{}</button>'
)


@cache
def icon_names() -> frozenset[str]:
    """Return the names of all icons in the sprite."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))


@lru_cache(maxsize=1024)
def icon(name: str, small: bool = False, extra: str = "") -> SafeString:
    """Return an icon of the sprite; `extra` holds classes such as `flip`.

    Raises LookupError for a name the sprite does not have.
    """
    if name not in icon_names():
        raise LookupError(f"No icon is called {name!r}; see static/ui/icons.svg.")
    classes = " ".join(filter(None, ["i", "s" if small else "", extra]))
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        classes,
        static("ui/icons.svg"),
        name,
    )


def hue(key: object) -> str:
    """Return the category class that belongs to a key: the same key, the same colour."""
    return f"hue-{crc32(str(key).encode()) % HUES + 1}"


# A list shows the same owners and companies in row after row.
@lru_cache(maxsize=4096)
def avatar(name: str, key: object, org: bool = False, size: str = "") -> SafeString:
    """Return initials on the key's hue, round for people, square for organisations.

    `size` is "" or one of "xs", "lg", "xl". It never carries a name alone: print the name too.
    """
    classes = " ".join(filter(None, ["av", "org" if org else "", size, hue(key)]))
    return _AVATAR(classes, initials(name, org))


def tag(text: str, tone: str = "plain") -> SafeString:
    """Return a read-only value. Tones: plain, good, warn, bad, info, signal, hue-1 to hue-8."""
    return _TAG(tone, text)


def dot(tone: str, text: str = "") -> SafeString:
    """Return a status dot and its word. Tones: good, warn, bad, off, hue-1 to hue-8."""
    return _DOT(tone, text)


def next_step(text: str, icon_name: str = "task", add_url: str = "") -> SafeString:
    """Return the next step as a sentence, or say that there is none.

    With `add_url` the gap is a button that opens the form at that address in the dialog.
    """
    if text:
        return _STEP(icon(icon_name, True), text)
    if add_url:
        return _ADD_STEP(add_url, icon("plus", True), _("No next step"))
    return _NO_STEP(_("No next step"))


def why(text: str, url: str) -> SafeString:
    """Return a computed value that opens what made it, when and by which rule."""
    return format_html(
        '<button class="why" type="button" data-dialog-url="{}" aria-label="{}">{}</button>',
        url,
        _("%(value)s, ask why") % {"value": text},
        text,
    )


def meter(percent: float, label: str = "", tone: str = "") -> SafeString:
    """Return progress against a limit, to the nearest 5 %. Without `label` it is decoration.

    Tones: "" (ours), good, warn, bad, signal.
    """
    step = _METER_STEP * round(max(0.0, min(percent, 100.0)) / _METER_STEP)
    classes = " ".join(filter(None, ["meter", tone, f"v-{step}"]))
    if not label:
        return format_html('<span class="{}" aria-hidden="true"><i></i></span>', classes)
    return format_html('<span class="{}" role="img" aria-label="{}"><i></i></span>', classes, label)

"""Entries, days and filters of a timeline as mark-up; by hand, for a page has dozens of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import format_clock, format_moment
from rapport.records.models import Attachment
from rapport.records.surfaces.timeline.entries import Shown
from rapport.ui.components import icon
from rapport.ui.html import Markup, joined, trusted

if TYPE_CHECKING:
    from rapport.records.surfaces.timeline.reading import Chip, Day

HEADING = Markup('<h2 class="tl-day">{}</h2>')
ENTRIES = Markup('<ol class="tl">\n{}</ol>')
ENTRY = Markup(
    '<li class="ev{slim}"><span class="ev-m {marker}">{icon}</span><div class="ev-c">'
    '<div class="ev-h"><span class="ev-t">{told}{title}</span>'
    '<time datetime="{iso}" title="{moment}">{clock}</time></div>\n{body}{about}</div></li>\n'
)
TITLE = Markup(': <a class="link" href="{}" dir="auto">{}</a>')
PLAIN_TITLE = Markup(': <span dir="auto">{}</span>')
CLOCK = Markup('<a class="link" href="{}">{}<span class="vh">, {}</span></a>')
BODY = Markup('<div class="{} ev-text" dir="auto">{}</div>\n')
ABOUT = Markup('<div class="ev-facts small">\n{}{}{}</div>\n')
PRIVATE = Markup('<span class="muted row gap-1">{}{}</span>\n')
MUTED = Markup('<span class="muted">{}</span>\n')
OTHER = Markup('<a class="link" href="{}" dir="auto">{}</a>\n')
FILE = Markup(
    '<a class="att" href="{}" download>{}<span class="trunc" dir="auto">{}</span> '
    '<span class="muted">{}</span></a>\n'
)
CHIP = Markup(
    '<span class="chip{}"><a href="{}" hx-get="{}" hx-target="#timeline" hx-swap="outerHTML"{}>'
    "{}{} <b>{}</b></a></span>"
)
NOTHING = SafeString("")


def draw_days(days: Iterable[Day]) -> SafeString:
    """Lists of entries under the headings of their days."""
    return joined(
        "",
        (
            (HEADING(day.heading) if day.heading else NOTHING)
            + ENTRIES(joined("", map(_entry, day.entries)))
            for day in days
        ),
    )


def _entry(entry: Shown) -> SafeString:
    at = timezone.localtime(entry.at)
    return ENTRY(
        slim=trusted(" slim" if entry.is_slim else " muted" if entry.is_glimpse else ""),
        marker=entry.marker,
        icon=icon(entry.icon, small=True),
        told=entry.told,
        title=_title(entry),
        iso=at.isoformat(),
        moment=format_moment(at, get_language() or "en", full=True),
        clock=_clock(entry, at),
        body=BODY(_look(entry), entry.body) if entry.body else NOTHING,
        about=draw_about(entry),
    )


def _title(entry: Shown) -> SafeString:
    if not entry.title:
        return NOTHING
    return TITLE(entry.url, entry.title) if entry.url else PLAIN_TITLE(entry.title)


def _clock(entry: Shown, at: datetime) -> SafeString | str:
    """The time of day; where no title leads to the entry, the time does."""
    clock = format_clock(at, get_language() or "en")
    return CLOCK(entry.url, clock, _("open")) if entry.url and not entry.title else clock


def _look(entry: Shown) -> str:
    return "note" if entry.object == "note" else "small soft"


def draw_about(entry: Shown) -> SafeString:
    """How private it is, facts, the other records it concerns, and files; nothing where there are
    none."""
    if not (entry.private or entry.facts or entry.others or entry.files):
        return NOTHING
    return ABOUT(
        (PRIVATE(icon("lock", small=True), entry.private) if entry.private else NOTHING)
        + joined("", (MUTED(fact) for fact in entry.facts)),
        joined("", (OTHER(other.url, other.text) for other in entry.others)),
        joined("", map(_file, entry.files)),
    )


def _file(file: Attachment) -> SafeString:
    return FILE(file.url, icon("file", small=True), file.name, filesizeformat(file.size))


def draw_chips(chips: Iterable[Chip]) -> SafeString:
    """The filters with how much each shows."""
    return joined(
        "",
        (
            CHIP(
                trusted(" on" if chip.is_on else ""),
                chip.url,
                chip.url,
                trusted(' aria-current="true"' if chip.is_on else ""),
                icon(chip.icon, small=True) if chip.icon else NOTHING,
                chip.label,
                chip.count,
            )
            for chip in chips
        ),
    )

"""One value of one record: as a cell of a table or a property of a page, shown or being edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Context, Kind
from rapport.ui.components import icon
from rapport.ui.html import Markup, escaped, trusted

OPENING = Markup('<td role="cell" class="{}" data-l="{}"')
# Reached by arrows: hundreds of tab stops would stand between the list and what follows it.
EDITABLE = ' tabindex="-1" data-edit-url="'


def is_cell_editable(kind: Kind) -> bool:
    """Whether the field can be edited on its own, away from the whole form."""
    return kind.editable and kind.type != "json"


def classes_of(kind: Kind) -> str:
    """The classes of a table cell of this field."""
    return f"c-{kind.name}{' end' if kind.numeric else ''}"


def table_cell(kind: Kind, value: Any, context: Context, edit_url: str = "") -> SafeString:
    """The `<td>` that shows a value, and opens for editing where there is an address for it."""
    (shown,) = kind.show_all([value], context)
    if not edit_url:
        return trusted(f"{_opening(kind)}>{shown}</td>")
    return trusted(f'{_opening(kind)}{EDITABLE}{escaped(edit_url)}">{shown}</td>')


def table_cells(
    kind: Kind, values: Iterable[Any], context: Context, pages: Iterable[SafeString] | None = None
) -> list[str]:
    """A column of `<td>`, safe as they are; with the records' pages they open for editing."""
    opening, shown = _opening(kind), kind.show_all(values, context)
    if pages is None:
        return [f"{opening}>{one}</td>" for one in shown]
    opening, name = trusted(f"{opening}{EDITABLE}"), escaped(kind.name)
    return [
        f'{opening}{page}cells/{name}/">{one}</td>' for page, one in zip(pages, shown, strict=True)
    ]


def _opening(kind: Kind) -> SafeString:
    return OPENING(classes_of(kind), kind.label)


def property_value(kind: Kind, value: Any, context: Context, edit_url: str = "") -> SafeString:
    """The `<dd>` that shows a value beside its label, and opens for editing."""
    shown = SafeString("") if value is None else kind.show(value, context)
    if not edit_url:
        return format_html('<dd><span class="val">{}</span></dd>', shown)
    url = f"{edit_url}?in=page"
    label = _("Edit %(field)s") % {"field": str(kind.label).lower()}
    if "<" not in shown or not _has_controls(shown):
        return format_html(
            '<dd data-edit-url="{}"><button type="button" class="val{}" title="{}">{}'
            '<span class="vh">, {}</span></button></dd>',
            url,
            "" if shown else " blank",
            label,
            shown or _("empty"),
            label,
        )
    return format_html(
        '<dd data-edit-url="{}"><div class="val">{}</div><button type="button" '
        'class="btn quiet icon sm prop-edit" aria-label="{}" title="{}">{}</button></dd>',
        url,
        shown,
        label,
        label,
        icon("edit", True),
    )


def _has_controls(shown: SafeString) -> bool:
    """Whether a value holds what must not stand inside a button: links, paragraphs, lists."""
    return any(mark in shown for mark in ("<a ", "<button", "<p>", "<div", "<ul", "<ol", "<br"))

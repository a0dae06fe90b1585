"""One value of one record: as a cell of a table or a property of a page, shown or being edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.keep import Keep
from rapport.records import registry
from rapport.records.kinds.base import Context, Kind
from rapport.ui.components import icon
from rapport.ui.html import Markup, escaped, trusted

READ = Markup('<dd><span class="val">{}</span></dd>')
EDIT = Markup(
    '<dd data-edit-url="{}?in=page"><button type="button" class="val{}" title="{}">{}'
    '<span class="vh">, {}</span></button></dd>'
)
EDIT_BESIDE = Markup(
    '<dd data-edit-url="{}?in=page"><div class="val">{}</div><button type="button" '
    'class="btn quiet icon sm prop-edit" aria-label="{}" title="{}">{}</button></dd>'
)
_words: Keep[FieldWords] = Keep(8192)
OPENING = Markup('<td role="cell" class="{}" data-l="{}"')
# Reached by arrows: hundreds of tab stops would stand between the list and what follows it.
EDITABLE = Markup(' tabindex="-1" data-edit-url="cells/{}/"')
LOCK = Markup('<span class="lock-mark" title="{}">{}<span class="vh">{}</span></span>')


class FieldWords(NamedTuple):
    """What a page says of a field, in one language."""

    label: SafeString
    #: Of the button that opens it, and of one that is empty.
    edit: SafeString
    empty: SafeString


def is_cell_editable(kind: Kind) -> bool:
    """Whether the field can be edited on its own, away from the whole form."""
    return kind.editable and kind.type != "json"


def classes_of(kind: Kind) -> str:
    """The classes of a table cell of this field."""
    return f"c-{kind.name}{' end' if kind.numeric else ''}"


def table_cell(kind: Kind, value: Any, context: Context) -> SafeString:
    """The `<td>` that shows a value and opens for editing."""
    (cell,) = table_cells(kind, [value], context, is_editable=True)
    return trusted(cell)


def table_cells(
    kind: Kind, values: Iterable[Any], context: Context, *, is_editable: bool
) -> list[str]:
    """A column of `<td>`, safe as they are; what opens for editing says where below its record."""
    opening = OPENING(classes_of(kind), words_of(kind).label)
    if is_editable:
        opening += EDITABLE(kind.name)
    return ["".join((opening, ">", one, "</td>")) for one in kind.show_all(values, context)]


def locked_cell(kind: Kind, value: Any, context: Context, reason: str, *, is_editable: bool) -> str:
    """The `<td>` of a value that a lock keeps as it is, with the reason."""
    (cell,) = table_cells(kind, [value], context, is_editable=is_editable)
    opening, _end, shown = cell.removesuffix("</td>").partition(">")
    # Digits stand below each other, locked or not.
    parts = (lock_mark(reason), shown) if kind.numeric else (shown, lock_mark(reason))
    return f"{opening}>{''.join(parts)}</td>"


def lock_mark(reason: str) -> SafeString:
    """The lock beside what is locked, with the reason."""
    return LOCK(reason, icon("lock", True), reason)


def property_value(kind: Kind, value: Any, context: Context, edit_url: str = "") -> SafeString:
    """The `<dd>` that shows a value beside its label, and opens for editing."""
    shown = SafeString("") if value is None else kind.show(value, context)
    if not edit_url:
        return READ(shown)
    words = words_of(kind)
    edit = words.edit
    if not shown:
        return EDIT(edit_url, " blank", edit, words.empty, edit)
    if "<" not in shown or not _has_controls(shown):
        return EDIT(edit_url, "", edit, shown, edit)
    return EDIT_BESIDE(edit_url, shown, edit, edit, icon("edit", True))


def words_of(kind: Kind) -> FieldWords:
    """The words of a field in the reader's language."""
    name = kind.object.name if kind.object else ""
    key = (registry.edition(), name, kind.name, get_language())
    return _words.get(key, lambda: _make_words(kind))


def _make_words(kind: Kind) -> FieldWords:
    edit = _("Edit %(field)s") % {"field": str(kind.label).lower()}
    return FieldWords(escaped(str(kind.label)), escaped(edit), escaped(_("empty")))


def _has_controls(shown: SafeString) -> bool:
    """Whether a value holds what must not stand inside a button: links, paragraphs, lists."""
    return any(mark in shown for mark in ("<a ", "<button", "<p>", "<div", "<ul", "<ol", "<br"))

"""Column heads, tabs, the column chooser and the foot of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.kit.formats import format_decimal, format_money
from rapport.records import access
from rapport.records.drawing import classes_of
from rapport.records.kinds.base import Kind
from rapport.records.kinds.base_amount import Converted
from rapport.records.kinds.number import Money
from rapport.records.reading import Source, Total, count
from rapport.records.reading.grouping import Sums, read_sums
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.html import Markup, escaped, joined, trusted

CELL = Markup('<td role="cell" class="{}">{}{}</td>')
LOOSE = Markup('<span class="loose-sum">{label} {sum}</span>')
SUM = Markup('<data class="num strong" value="{}">{}</data>')


@dataclass(frozen=True, slots=True)
class Head:
    """One column head; `url` orders by it, or is empty where that can't be."""

    name: str
    label: str
    url: str
    order: str
    classes: str


def heads(state: ListState) -> Sequence[Head]:
    """The heads in column order, the title first."""
    title = state.declaration.title
    names = [title, *(name for name in state.columns if name != title)]
    return [_head(state.declaration.fields[name], state, name == title) for name in names]


def _head(kind: Kind, state: ListState, is_title: bool) -> Head:
    by_this = state.sort.kind.name == kind.name
    order = ("descending" if state.sort.descending else "ascending") if by_this else ""
    flipped = f"-{kind.name}" if by_this and not state.sort.descending else kind.name
    url = state.url(sort=flipped) if kind.sort_key() is not None else ""
    classes = "pin pin-2 c-name" if is_title else f"c-{kind.name}{' end' if kind.numeric else ''}"
    return Head(kind.name, str(kind.label), url, order, classes)


@dataclass(frozen=True, slots=True)
class Column:
    """One line of the column chooser."""

    name: str
    label: str
    is_shown: bool


def columns_to_choose(state: ListState) -> Sequence[Column]:
    """Every field but the title, the shown ones first in their order."""
    readable = access.fields(state.principal, state.declaration.name).readable
    fields = state.declaration.fields
    shown = [name for name in state.columns if name != state.declaration.title]
    rest = sorted(
        (name for name in readable if name not in state.columns and not fields[name].long),
        key=lambda name: str(fields[name].label).casefold(),
    )
    return [Column(name, str(fields[name].label), name in shown) for name in (*shown, *rest)]


def measure(state: ListState, rows: Source) -> tuple[Sums, Total]:
    """Sums where the list has them, counted in the same statement; else how many there are."""
    if not state.totals:
        return {}, count(rows)
    number, sums = read_sums(rows, state.totals, state.context)
    return sums, Total(number, True)


def total_words(total: Total, state: ListState) -> SafeString:
    """How many records there are, as the foot of the list says it."""
    declaration = state.declaration
    label = declaration.label if total.value == 1 else declaration.label_plural
    objects = str(label).lower()
    text = _("<b>%(n)s</b> %(objects)s") if total.exact else _("about <b>%(n)s</b> %(objects)s")
    return trusted(text % {"n": total.value, "objects": escaped(objects)})


def groups_words(total: int, groups: int, state: ListState) -> SafeString:
    """How many records there are in how many groups."""
    objects = str(state.declaration.label_plural).lower()
    text = ngettext(
        "<b>%(n)s</b> %(objects)s in %(groups)s group",
        "<b>%(n)s</b> %(objects)s in %(groups)s groups",
        groups,
    )
    return trusted(text % {"n": total, "groups": groups, "objects": escaped(objects)})


def sum_cells(state: ListState, sums: Sums) -> SafeString:
    """The cells beside the name of a group, or in the foot: sums below their columns.

    A sum without a column of its own stands with its label in the first cell.
    """
    if not sums:
        return SafeString("")
    shown = {one.name: sum_words(one, sums.get(one.name), state) for one in state.totals}
    names = [name for name in state.columns if name != state.declaration.title]
    loose = [
        LOOSE(label=one.label, sum=shown[one.name]) for one in state.totals if one.name not in names
    ]
    cells = []
    for place, name in enumerate(names):
        more = joined(" ", loose) if place == 0 else ""
        cells.append(CELL(classes_of(state.declaration.fields[name]), shown.get(name, ""), more))
    return joined("", cells)


def sum_words(kind: Kind, value: Any, state: ListState) -> SafeString:
    """A sum as pages show it."""
    if value is None:
        return SafeString("")
    if isinstance(kind, Money):
        # Summed up in the workspace's currency; an amount in another was converted.
        text = format_money(round(value), state.context.currency, state.context.language)
        return SUM(value, f"≈ {text}" if isinstance(value, Converted) else text)
    return SUM(value, format_decimal(value, state.context.language))

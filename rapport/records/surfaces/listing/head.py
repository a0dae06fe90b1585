"""Column heads, tabs, the column chooser and the foot of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records import access
from rapport.records.conditions import Group, Rule
from rapport.records.kinds.base import Kind
from rapport.records.reading import Total
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.html import escaped, trusted


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
class Tab:
    """One ready view of the list."""

    label: str
    url: str
    current: bool


def tabs(state: ListState) -> Sequence[Tab]:
    """Everything, what is mine, and what changed last."""
    declaration = state.declaration
    mine = Group((Rule("owner", "is", "me"),))
    base = declaration.url()
    found = [
        Tab(
            _("All"),
            base,
            not state.condition.parts and state.sort.text == state.default_sort and not state.q,
        )
    ]
    if declaration.access == "owned":
        found.append(Tab(_("Mine"), f"{base}?owner=me", state.condition == mine))
    recent = state.sort.text == "-updated_at"
    found.append(
        Tab(_("Recently changed"), f"{base}?sort=-updated_at", recent and not state.condition.parts)
    )
    return found


def columns_to_choose(state: ListState) -> Sequence[tuple[str, str, bool]]:
    """(name, label, is shown) of every field, the shown ones first in their order."""
    readable = access.fields(state.principal, state.declaration.name).readable
    fields = state.declaration.fields
    shown = [name for name in state.columns if name != state.declaration.title]
    rest = sorted(
        (name for name in readable if name not in state.columns and not fields[name].long),
        key=lambda name: str(fields[name].label).casefold(),
    )
    return [(name, str(fields[name].label), name in shown) for name in (*shown, *rest)]


def total_words(total: Total, state: ListState) -> SafeString:
    """How many records there are, as the foot of the list says it."""
    objects = str(state.declaration.label_plural).lower()
    if total.exact:
        text = ngettext("<b>%(n)s</b> of %(objects)s", "<b>%(n)s</b> %(objects)s", total.value)
    else:
        text = _("about <b>%(n)s</b> %(objects)s")
    return trusted(text % {"n": total.value, "objects": escaped(objects)})

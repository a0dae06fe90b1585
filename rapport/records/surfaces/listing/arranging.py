"""Kinds of a view, groups, sums and colours, as the list's controls offer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.kinds import Choice
from rapport.records.kinds.base import Kind
from rapport.records.kinds.time import Dated
from rapport.records.reading.grouping import PERIODS, can_group, can_total
from rapport.records.surfaces.listing.chips import condition_words
from rapport.records.surfaces.listing.state import ListState
from rapport.records.views.kinds import TONES

ICONS = {
    "table": "table",
    "board": "board",
    "calendar": "cal",
    "timeline": "route",
    "chart": "chart",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of page for the same records."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of colour, with the address of the list without it."""

    words: str
    tone: str
    tone_label: str
    remove_url: str


def layout_words(name: str) -> str:
    """What a kind of view is called."""
    every = {
        "table": _("Table"),
        "board": _("Board"),
        "calendar": _("Calendar"),
        "timeline": _("Timeline"),
        "chart": _("Chart"),
    }
    return every[name]


def layouts(state: ListState) -> Sequence[Layout]:
    """The kinds of page that this object's fields allow, of the same records."""
    here = state.definition.layout
    return [
        Layout(name, layout_words(name), icon, _url(name, state), name == here)
        for name, icon in ICONS.items()
        if name in (here, "table", "chart") or places(name, state)
    ]


def _url(layout: str, state: ListState) -> str:
    """The same records in another layout, placed by what that one takes first."""
    if layout == state.definition.layout:
        return state.url()
    declaration = state.declaration
    is_declared = declaration.board if layout == "board" else declaration.calendar
    found = [] if is_declared or layout in ("table", "chart") else places(layout, state)
    before = state.base.by if state.base.layout == layout else ""
    return state.url(layout=layout, by=before or (found[0].name if found else ""))


def places(layout: str, state: ListState) -> Sequence[Kind]:
    """The fields that make the lanes of a board, or place records on days."""
    declaration = state.declaration
    readable = access.fields(state.principal, declaration.name).readable
    seen = [kind for name, kind in declaration.fields.items() if name in readable]
    if layout == "board":
        first = declaration.board.by if declaration.board else ""
        found = [one for one in seen if one.name == first or _makes_lanes(one)]
    else:
        first = declaration.calendar.start if declaration.calendar else ""
        found = [one for one in seen if one.name == first or _is_day(one)]
    return sorted(found, key=lambda one: one.name != first)


def _makes_lanes(kind: Kind) -> bool:
    return isinstance(kind, Choice) and kind.type == "choice" and not kind.is_beside


def _is_day(kind: Kind) -> bool:
    is_own = isinstance(kind, Dated) and kind.stored and not kind.is_beside
    # When a record was written says little of when it takes place.
    return is_own and kind.name not in ("created_at", "updated_at")


def period_labels() -> dict[str, str]:
    """The periods by which dates are grouped."""
    return {
        "day": _("by day"),
        "week": _("by week"),
        "month": _("by month"),
        "quarter": _("by quarter"),
        "year": _("by year"),
    }


def arranging(state: ListState) -> dict[str, Any]:
    """What the popover for groups, sums and colours offers."""
    readable = access.fields(state.principal, state.declaration.name).readable
    kinds = [kind for name, kind in state.declaration.fields.items() if name in readable]
    summed = {one.name for one in state.totals}
    return {
        "groups": _groups([one for one in kinds if can_group(one)], state),
        "totals": [
            (one.name, str(one.label), one.name in summed) for one in kinds if can_total(one)
        ],
        "colours": _colours(state),
        "is_used": bool(state.group or state.totals or state.definition.colours),
        "tones": [(name, str(label)) for name, label in TONES.items()],
    }


def _groups(kinds: Sequence[Kind], state: ListState) -> Sequence[tuple[str, str, bool]]:
    """(address form, words, is chosen) of every way to group, in the order of the words."""
    here = state.group.text if state.group else ""
    periods = period_labels()
    found = []
    for kind in kinds:
        if isinstance(kind, Dated):
            found += [
                (f"{kind.name}:{period}", f"{kind.label}, {periods[period]}") for period in PERIODS
            ]
        else:
            found.append((kind.name, str(kind.label)))
    return [(name, words, name == here) for name, words in found]


def _colours(state: ListState) -> Sequence[Rule]:
    rules = state.definition.colours
    return [
        Rule(
            condition_words(one.when, state),
            one.tone,
            str(TONES[one.tone]),
            state.url(colours=tuple(other for other in rules if other is not one)),
        )
        for one in rules
    ]

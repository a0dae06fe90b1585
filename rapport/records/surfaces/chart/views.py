"""The chart page: how many records each group of a list has, or what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds import Choice
from rapport.records.reading.grouping import (
    MOST_GROUPS,
    Grouping,
    GroupOfRows,
    can_group,
    parse_group,
    read_groups,
)
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.groups import learn_groups, name_group
from rapport.records.surfaces.listing.head import sum_words
from rapport.records.surfaces.listing.showing import asked_list, rights, shown_of
from rapport.records.surfaces.listing.state import ListState

#: The width of the longest bar in the units in which it is drawn.
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """One group: its name, its number in words, and its length."""

    name: str
    count: int
    sum: SafeString | str
    width: int


@require_GET
def show_chart(request: Request, declaration: type[Object]) -> HttpResponse:
    """The groups of the list as bars, by the first of its sums or by their number."""
    state = asked_list(request, declaration, "chart")
    grouping = state.group or usual_grouping(state)
    groups = read_groups(state.source(), grouping, state.totals[:1], state.context)
    learn_groups(groups, grouping, state.context)
    answer = {
        **shown_of(replace(state, group=grouping), chips(state)),
        **rights(state),
        "bars": _bars(groups[:MOST_GROUPS], grouping, state),
        "is_whole": len(groups) <= MOST_GROUPS,
        "group_label": grouping.kind.label,
        "sum_label": state.totals[0].label if state.totals else "",
        "width_of_bar": WIDTH,
    }
    return render(request, "records/chart/chart.html", answer)


def usual_grouping(state: ListState) -> Grouping:
    """The lanes of the board, else the first choice, else the owner."""
    declaration = state.declaration
    readable = access.fields(state.principal, declaration.name).readable
    seen = [kind for name, kind in declaration.fields.items() if name in readable]
    choices = (kind.name for kind in seen if isinstance(kind, Choice) and can_group(kind))
    lanes = declaration.board.by if declaration.board else ""
    wanted = lanes if lanes in readable else next(choices, "owner")
    return parse_group(wanted, declaration, readable)


def _bars(groups: Sequence[GroupOfRows], grouping: Grouping, state: ListState) -> Sequence[Bar]:
    sizes = [_size(one, state) for one in groups]
    largest = max((abs(one) for one in sizes), default=Decimal(0)) or Decimal(1)
    return [
        Bar(
            name_group(one, grouping, state.context),
            one.count,
            sum_words(state.totals[0], one.sums.get(state.totals[0].name), state)
            if state.totals
            else "",
            round(abs(size) / largest * WIDTH),
        )
        for one, size in zip(groups, sizes, strict=True)
    ]


def _size(group: GroupOfRows, state: ListState) -> Decimal:
    value: Any = group.sums.get(state.totals[0].name) if state.totals else group.count
    return Decimal(value or 0)

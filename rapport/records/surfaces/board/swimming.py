"""Swim-lanes as the page shows them, and what addresses say of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records import access
from rapport.records.declare import Board, Lane
from rapport.records.reading.grouping import Grouping
from rapport.records.surfaces.board.card import render_cards
from rapport.records.surfaces.board.drawn import money
from rapport.records.surfaces.board.lanes import Column
from rapport.records.surfaces.board.swimlanes import (
    MOST,
    Asked,
    Swimlane,
    makes_swimlanes,
    swimlanes,
)
from rapport.records.surfaces.listing.groups import group_id
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.html import joined

#: What an address says besides the list: swim-lanes turned, and the cell with all its cards.
TURNED, LANE, SWIMLANE = "_turn", "_lane", "_swim"


def grouping_of(state: ListState, board: Board) -> Grouping | None:
    """The field of the swim-lanes, where the list is in groups of which cards can be moved."""
    grouping = state.group
    if grouping is None or grouping.kind.name == board.by or not makes_swimlanes(grouping.kind):
        return None
    return grouping


def swimlanes_by(
    state: ListState, board: Board, query: QueryDict
) -> Sequence[tuple[str, str, bool]]:
    """(address, words, is chosen) of having none, and of every field that can make swim-lanes."""
    readable = access.fields(state.principal, state.declaration.name).readable
    kinds = [kind for name, kind in state.declaration.fields.items() if name in readable]
    found = [kind for kind in kinds if kind.name != board.by and makes_swimlanes(kind)]
    grouping = grouping_of(state, board)
    chosen = grouping.kind.name if grouping else ""
    choices = [("", _("None")), *((kind.name, str(kind.label)) for kind in found)]
    pipeline = query.get("pipeline")
    return [
        (state.url(group=name, pipeline=pipeline), words, name == chosen)
        for name, words in choices
    ] if found else []  # fmt: skip


def draw_swimlanes(
    state: ListState,
    board: Board,
    lanes: Sequence[Lane],
    grouping: Grouping,
    query: QueryDict,
    *,
    is_movable: bool,
) -> list[dict[str, Any]]:
    """Every swim-lane with its cells; what is too much is said in the list's problems."""
    turned = frozenset(query.getlist(TURNED))
    asked = Asked(turned, query.get(LANE, ""), query.get(SWIMLANE))
    source = state.source()
    found = swimlanes(source, state.declaration, board, lanes, grouping, state.context, asked)
    if len(found) > MOST:
        words = _("There are more than %(n)d swim-lanes; these are the first. Narrow the list.")
        state.problems.append(words % {"n": MOST})
    shown = found[:MOST]
    rows = [row for one in shown for cell in one.cells for row in cell.cards]
    cards = iter(render_cards(rows, state.declaration, board, state.context, is_movable=is_movable))
    return [
        {
            **head(one, board, state),
            "url": _address(state, query, turned ^ {one.key}),
            "cells": [
                {**cell, "cards": joined("", list(islice(cards, len(of.cards)))),
                 "hidden": of.hidden,
                 "more_url": _address(state, query, turned, **{LANE: of.key, SWIMLANE: one.key})}
                for cell, of in zip(cells(one, board, state), one.cells, strict=True)
            ],
        }
        for one in shown
    ]  # fmt: skip


def head(one: Swimlane, board: Board, state: ListState) -> dict[str, Any]:
    """What the head of a swim-lane says: its name, how many it holds and what they add up to."""
    found: dict[str, Any] = {
        "id": _id(one.key), "key": one.key, "name": one.name, "label": one.label,
        "count": one.count, "is_open": one.is_open,
    }  # fmt: skip
    if board.total:
        still = one.still_open
        found["total"] = _added(state, (cell.total for cell in still))
        found["weighted"] = _added(state, (cell.weighted for cell in still)) if board.weight else ""
    return found


def cells(one: Swimlane, board: Board, state: ListState) -> list[dict[str, Any]]:
    """What the head of each cell of a swim-lane says."""
    return [
        {
            "id": f"{_id(one.key)}-{number}", "key": cell.key,
            "name": f"{cell.lane.label}, {one.name}", "state": cell.lane.state,
            "words": _words(cell, board, state),
        }
        for number, cell in enumerate(one.cells, start=1)
    ]  # fmt: skip


def _words(cell: Column, board: Board, state: ListState) -> str:
    """How many cards a cell has and what they add up to; nothing of an empty one."""
    if not cell.count:
        return ""
    number = ngettext("%(n)d card", "%(n)d cards", cell.count) % {"n": cell.count}
    return f"{number} · {money(cell.total, state.context)}" if board.total else number


def _id(key: str) -> str:
    return f"swim-{group_id(key)}"


def _added(state: ListState, sums: Iterable[Decimal]) -> str:
    return money(sum(sums, Decimal(0)), state.context)


def _address(state: ListState, query: QueryDict, turned: frozenset[str], **more: str) -> str:
    """The same board with these swim-lanes turned."""
    url = state.url(pipeline=query.get("pipeline"))
    pairs = [(TURNED, one) for one in sorted(turned)] + list(more.items())
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}"

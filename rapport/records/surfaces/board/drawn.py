"""Lanes as the page shows them: what stays the same, and what is filled in anew each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString

from rapport.kit.formats import format_money
from rapport.records.declare import Board
from rapport.records.kinds.base import Context
from rapport.records.surfaces.board.card import render_cards
from rapport.records.surfaces.board.lanes import Column
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.components import meter
from rapport.ui.html import joined
from rapport.ui.kept import mark


@dataclass(frozen=True, slots=True)
class Drawn:
    """One lane with its cards."""

    column: Column
    late: Mapping[str, Any]

    def marked(self, number: int) -> dict[str, Any]:
        """For a page that is kept: marks where the values of this lane will stand."""
        marks = {name: mark(f"{name}_{number}") for name in self.late}
        if not self.column.hidden:
            marks["hidden"] = ""
        return {"lane": self.column.lane, "key": self.column.key, **marks}

    def filled(self) -> dict[str, Any]:
        """The same with its values."""
        return {"lane": self.column.lane, "key": self.column.key, **self.late}


def draw_columns(
    found: Sequence[Column],
    state: ListState,
    board: Board,
    *,
    is_movable: bool,
    pipeline: str = "",
) -> list[Drawn]:
    """The lanes with their cards, which are drawn all together; links stay in the pipeline."""
    rows = [row for column in found for row in column.cards]
    cards = iter(render_cards(rows, state.declaration, board, state.context, is_movable=is_movable))
    return [
        Drawn(column, _values(column, list(islice(cards, len(column.cards))), state, pipeline))
        for column in found
    ]


def _values(
    column: Column, cards: Sequence[SafeString], state: ListState, pipeline: str
) -> dict[str, Any]:
    return {
        "count": column.count,
        "total": money(column.total, state.context),
        "weighted": money(column.weighted, state.context),
        "meter": meter(column.share),
        "hidden": column.hidden,
        "more_url": state.url(pipeline=pipeline, _lane=column.key),
        "cards": joined("", cards),
    }


def money(amount: Any, context: Context) -> str:
    """A sum in the workspace's currency, without cents."""
    return format_money(Decimal(round(amount or 0)), context.currency, context.language)

"""The board of an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access
from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds.number import Money
from rapport.records.reading.grouping import Grouping
from rapport.records.surfaces.board.drawn import draw_columns, money
from rapport.records.surfaces.board.lanes import Column, columns, lanes_of, summed_columns
from rapport.records.surfaces.board.sums import money_of, sums_by_currency
from rapport.records.surfaces.board.swimming import draw_swimlanes, grouping_of, swimlanes_by
from rapport.records.surfaces.listing.arranging import places
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.showing import asked_list, shown_of
from rapport.records.surfaces.listing.showing import rights as rights_of
from rapport.records.surfaces.listing.state import ListState
from rapport.records.surfaces.nav import shell_key
from rapport.records.views.reading import views_version
from rapport.ui.kept import answer_kept

#: What an address says that asks for the sums of the open lanes instead of the board.
SUMS = "_sums"


@require_GET
def show_board(request: Request, declaration: type[Object]) -> HttpResponse:
    """All lanes with their first cards, under the same filters as the list."""
    state, board = asked_board(request, declaration)
    lanes = lanes_of(declaration, board, request.principal, request.GET.dict())
    if SUMS in request.GET:
        return _show_sums(request, state, board, lanes)
    if grouping := grouping_of(state, board):
        found = summed_columns(state.source(), declaration, board, lanes)
        return _answer(request, state, board, found, grouping)
    open_lane = request.GET.get("_lane", "")
    found = columns(state.source(), declaration, board, lanes, state.context, open_lane)
    return _answer(request, state, board, found)


def asked_board(request: Request, declaration: type[Object]) -> tuple[ListState, Board]:
    """The list as a board; its lanes are those of the field that it names, else the declared."""
    query = request.GET.copy()
    query.pop("pipeline", None)
    query.pop(SUMS, None)
    state = asked_list(request, declaration, "board", query)
    by = state.definition.by or (declaration.board.by if declaration.board else "")
    if by not in {kind.name for kind in places("board", state)}:
        raise Http404
    readable = access.fields(request.principal, declaration.name).readable
    return state, board_read(board_by(declaration, by), readable)


def _show_sums(
    request: Request, state: ListState, board: Board, lanes: Sequence[Lane]
) -> HttpResponse:
    """What the sum of the open lanes is made of, by currency."""
    declaration = state.declaration
    kind = _money(state, board)
    if kind is None:
        raise Http404
    told = sums_by_currency(state.source(), declaration, board, lanes, kind)

    def shown(amount: Any, currency: str) -> str:
        return (
            "" if amount is None else format_money(round(amount), currency, state.context.language)
        )

    rows = [
        {
            "currency": one.currency, "count": one.number,
            "total": shown(one.total, one.currency), "weighted": shown(one.weighted, one.currency),
            "base": shown(one.base, state.context.currency),
            "weighted_base": shown(one.weighted_base, state.context.currency),
        }
        for one in told
    ]  # fmt: skip
    facts = {"declaration": declaration, "board": board, "rows": rows}
    return render(request, "records/board/sums.html", facts)


def _money(state: ListState, board: Board) -> Money | None:
    """The field of the amounts that the total is made of, for who may read it."""
    kind = money_of(state.declaration, board) if board.total else None
    readable = access.fields(state.principal, state.declaration.name).readable
    return kind if kind is not None and kind.name in readable else None


def board_read(board: Board, readable: frozenset[str]) -> Board:
    """The board as a reader of these fields has it: cards and sums are made of what he reads."""
    card = tuple(name for name in board.card if name in readable)
    total, weight, rotting = (
        name if name in readable else "" for name in (board.total, board.weight, board.rotting)
    )
    return replace(board, total=total, weight=total and weight, rotting=rotting, card=card)


def board_by(declaration: type[Object], by: str) -> Board:
    """The declared board, or one of the same cards in lanes by another field."""
    declared = declaration.board
    if declared and declared.by == by:
        return declared
    if declared:
        return replace(declared, by=by, lanes=None, weight="", rotting="", action="")
    others = [name for name in declaration.columns if name not in (declaration.title, by, "owner")]
    return Board(by=by, card=tuple(others[:4]))


def _answer(
    request: Request,
    state: ListState,
    board: Board,
    found: list[Column],
    grouping: Grouping | None = None,
) -> HttpResponse:
    declaration = state.declaration
    rights = {
        f"may_{action}": access.may(state.principal, action, declaration.name)
        for action in ("create", "edit")
    } | {"may_save_views": rights_of(state)["may_save_views"]}
    rights["has_currencies"] = _money(state, board) is not None
    filters, asked = chips(state), request.GET.urlencode()
    editable = access.fields(state.principal, declaration.name).editable
    may_move = rights["may_edit"] and board.by in editable
    swimlanes: Sequence[Mapping[str, Any]] = ()
    if grouping:
        may_move = rights["may_edit"] and bool({board.by, grouping.kind.name} & editable)
        lanes = [one.lane for one in found]
        swimlanes = draw_swimlanes(state, board, lanes, grouping, request.GET, is_movable=may_move)
    pipeline = request.GET.get("pipeline", "")
    drawn = draw_columns(found, state, board, is_movable=may_move, pipeline=pipeline)
    open_columns = [column for column in found if column.lane.state == "open"]
    late = {
        f"{name}_{number}": value
        for number, one in enumerate(drawn)
        for name, value in one.late.items()
    } | {
        "open_count": sum(column.count for column in open_columns),
        "open_total": money(sum(column.total for column in open_columns), state.context),
        "open_weighted": money(sum(column.weighted for column in open_columns), state.context),
    }

    def context() -> dict[str, Any]:
        return {
            **shown_of(state, filters), "asked": asked, "lanes_by": lanes_by(state, board),
            "columns": [one.marked(number) for number, one in enumerate(drawn)],
            "has_ends": rights["may_edit"] and len(open_columns) < len(found) and not grouping,
            "board": board, "swimlanes": swimlanes, "is_swimming": grouping is not None,
            "swimlanes_by": swimlanes_by(state, board, request.GET), **rights,
        }  # fmt: skip

    shapes = tuple((column.lane, bool(column.hidden)) for column in found)
    shown = (declaration.name, asked, state.query(), filters, *rights.values(), shapes)
    key = (
        None if state.problems or grouping else (shell_key(request), views_version(request), shown)
    )
    return answer_kept(request, "records/board/board.html", key, late, context)


def lanes_by(state: ListState, board: Board) -> Sequence[tuple[str, str, bool]]:
    """(address, words, is chosen) of every field that can make the lanes."""
    declared = state.declaration.board
    first = declared.by if declared else ""
    return [
        (
            state.url(by="" if kind.name == first else kind.name),
            str(kind.label),
            kind.name == board.by,
        )
        for kind in places("board", state)
    ]

"""The board of an object, and the move of a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.kit.formats import format_money
from rapport.records import access
from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds.base import Invalid
from rapport.records.kinds.number import Money
from rapport.records.reading import read_record
from rapport.records.store import Conflict, Rejected, change
from rapport.records.surfaces.board.card import render_cards
from rapport.records.surfaces.board.drawn import draw_columns, money
from rapport.records.surfaces.board.lanes import Column, card_fields, columns, lanes_of
from rapport.records.surfaces.board.sums import money_of, sums_by_currency
from rapport.records.surfaces.listing.arranging import places
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.showing import asked_list, shown_of
from rapport.records.surfaces.listing.showing import rights as rights_of
from rapport.records.surfaces.listing.state import ListState
from rapport.records.surfaces.nav import shell_key
from rapport.records.views.reading import views_version
from rapport.ui.kept import answer_kept
from rapport.ui.toasts import toast

#: What an address says that asks for the sums of the open lanes instead of the board.
SUMS = "_sums"


@require_GET
def show_board(request: Request, declaration: type[Object]) -> HttpResponse:
    """All lanes with their first cards, under the same filters as the list."""
    state, board = _state(request, declaration)
    lanes = lanes_of(declaration, board, request.principal, request.GET.dict())
    if SUMS in request.GET:
        return _show_sums(request, state, board, lanes)
    open_lane = request.GET.get("_lane", "")
    found = columns(state.source(), declaration, board, lanes, state.context, open_lane)
    return _answer(request, state, board, found)


def _state(request: Request, declaration: type[Object]) -> tuple[ListState, Board]:
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


def _answer(request: Request, state: ListState, board: Board, found: list[Column]) -> HttpResponse:
    declaration = state.declaration
    rights = {
        f"may_{action}": access.may(state.principal, action, declaration.name)
        for action in ("create", "edit")
    } | {"may_save_views": rights_of(state)["may_save_views"]}
    rights["has_currencies"] = _money(state, board) is not None
    filters, asked = chips(state), request.GET.urlencode()
    editable = access.fields(state.principal, declaration.name).editable
    may_move = rights["may_edit"] and board.by in editable
    drawn = draw_columns(found, state, board, is_movable=may_move)
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
            "has_ends": rights["may_edit"] and len(open_columns) < len(found),
            "board": board, **rights,
        }  # fmt: skip

    lanes = tuple((column.lane, bool(column.hidden)) for column in found)
    shown = (declaration.name, asked, state.query(), filters, *rights.values(), lanes)
    key = None if state.problems else (shell_key(request), views_version(request), shown)
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


@require_POST
def move_card(request: Request, declaration: type[Object]) -> HttpResponse:
    """Give a card the value of the lane it was put in; answers with card and lane heads."""
    state, board = _state(request, declaration)
    by = declaration.fields[board.by]
    try:
        record_id = UUID(request.POST.get("record", ""))
        value = by.parse(request.POST.get("column", ""), state.context)
        version = int(request.POST["version"]) if request.POST.get("version") else None
    except (ValueError, Invalid):
        return _stays(_("This card can't be moved there."), 422)
    try:
        with change(request.principal, via="web", title=_("Move on the board")) as made:
            made.update(declaration.name, record_id, {board.by: value}, version=version)
    except Rejected as refused:
        if board.action:
            return _asks_for_more(request, board, declaration.url(record_id))
        return _stays(str(refused), 422)
    except Conflict as clash:
        text = _("%(who)s changed this meanwhile. Read the record again and decide.")
        return _stays(text % {"who": clash.who}, 409)
    return _moved(request, state, board, record_id, f"/undo/{made.id}/")


def _asks_for_more(request: Request, board: Board, url: str) -> HttpResponse:
    """A dialog that tries the move as the object's own action, which shows what it lacks and asks
    for it; the card goes back until that is done."""
    facts = {
        "action_url": f"{url}actions/{board.action}/?{urlencode({'next': _shown(request)})}",
        "by": board.by,
        "value": request.POST.get("column", ""),
    }
    answer = render(request, "records/board/_asks.html", facts, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _shown(request: Request) -> str:
    """The board as it is shown: a move is posted beside it."""
    query = request.GET.urlencode()
    return request.path.removesuffix("move/") + (f"?{query}" if query else "")


def _stays(sentence: str, status: int) -> HttpResponse:
    """Plain text: the page says it in a toast and puts the card back."""
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _moved(
    request: Request, state: ListState, board: Board, record_id: UUID, undo_url: str
) -> HttpResponse:
    declaration, context = state.declaration, state.context
    names = card_fields(declaration, board)
    row = read_record(request.principal, declaration.name, record_id, names, context)
    if row is None:
        raise Http404
    lanes = lanes_of(declaration, board, request.principal, request.GET.dict())
    found = columns(state.source(), declaration, board, lanes, context)
    (card,) = render_cards([row], declaration, board, context, is_movable=True)
    drawn = draw_columns(found, state, board, is_movable=True)
    answer = render(
        request,
        "records/board/_moved.html",
        {
            "card": card,
            "columns": [one.filled() for one in drawn],
            "declaration": declaration,
            "board": board,
        },
    )
    lane = next((one.lane.label for one in found if one.key == str(row.values[board.by])), "")
    toast(answer, _("Moved to %(lane)s") % {"lane": lane}, undo_url)
    return answer

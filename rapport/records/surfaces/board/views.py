"""The board of an object, and the move of a card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid
from rapport.records.reading import read_record
from rapport.records.store import change
from rapport.records.surfaces.board.card import render_cards
from rapport.records.surfaces.board.drawn import draw_columns, money
from rapport.records.surfaces.board.lanes import Column, card_fields, columns, lanes_of
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.pages import page_context
from rapport.ui.kept import answer_kept
from rapport.ui.toasts import toast


@require_GET
def show_board(request: Request, declaration: type[Object]) -> HttpResponse:
    """All lanes with their first cards, under the same filters as the list."""
    access.check(request.principal, "view", declaration.name)
    state = _state(request, declaration)
    lanes = lanes_of(declaration, request.principal, request.GET.dict())
    found = columns(state.source(), declaration, lanes, state.context, request.GET.get("_lane", ""))
    return _answer(request, state, found)


def _state(request: Request, declaration: type[Object]) -> ListState:
    if declaration.board is None:
        raise Http404
    query = request.GET.copy()
    for name in ("pipeline",):
        query.pop(name, None)
    return read_state(query, declaration, page_context(request))


def _answer(request: Request, state: ListState, found: list[Column]) -> HttpResponse:
    declaration = state.declaration
    rights = {
        f"may_{action}": access.may(state.principal, action, declaration.name)
        for action in ("create", "edit")
    }
    filters, asked = chips(state), request.GET.urlencode()
    drawn = draw_columns(found, state, is_movable=rights["may_edit"])
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
            "declaration": declaration, "state": state, "chips": filters, "asked": asked,
            "columns": [one.marked(number) for number, one in enumerate(drawn)],
            "has_ends": rights["may_edit"] and len(open_columns) < len(found),
            "board": declaration.board, **rights,
        }  # fmt: skip

    lanes = tuple((column.lane, bool(column.hidden)) for column in found)
    shown = (declaration.name, asked, state.query(), filters, *rights.values(), lanes)
    key = None if state.problems else (shell_key(request), shown)
    return answer_kept(request, "records/board/board.html", key, late, context)


@require_POST
def move_card(request: Request, declaration: type[Object]) -> HttpResponse:
    """Give a card the value of the lane it was put in; answers with card and lane heads."""
    if declaration.board is None:
        raise Http404
    context = page_context(request)
    board, by = declaration.board, declaration.fields[declaration.board.by]
    try:
        record_id = UUID(request.POST.get("record", ""))
        value = by.parse(request.POST.get("column", ""), context)
        version = int(request.POST["version"]) if request.POST.get("version") else None
    except (ValueError, Invalid):
        return HttpResponse(_("This card can't be moved there."), status=422)
    with change(request.principal, via="web", title=_("Move on the board")) as made:
        made.update(declaration.name, record_id, {board.by: value}, version=version)
    return _moved(request, declaration, record_id, context, f"/undo/{made.id}/")


def _moved(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    context: Context,
    undo_url: str,
) -> HttpResponse:
    row = read_record(
        request.principal, declaration.name, record_id, card_fields(declaration), context
    )
    if row is None:
        raise Http404
    board = declaration.required_board()
    state = read_state(request.GET, declaration, context)
    lanes = lanes_of(declaration, request.principal, request.GET.dict())
    found = columns(state.source(), declaration, lanes, context)
    (card,) = render_cards([row], declaration, context, is_movable=True)
    answer = render(
        request,
        "records/board/_moved.html",
        {
            "card": card,
            "columns": [one.filled() for one in draw_columns(found, state, is_movable=True)],
            "declaration": declaration,
            "board": board,
        },
    )
    lane = next((one.lane.label for one in found if one.key == str(row.values[board.by])), "")
    toast(answer, _("Moved to %(lane)s") % {"lane": lane}, undo_url)
    return answer

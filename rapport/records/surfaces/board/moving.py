"""The move of a card: to another lane, another swim-lane, or both in one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records.declare import Board, Lane, Object
from rapport.records.kinds.base import Invalid
from rapport.records.reading import read_record
from rapport.records.reading.grouping import Grouping
from rapport.records.store import Conflict, Rejected, change
from rapport.records.surfaces.board.asking import action_between, ask_first, ask_for_more
from rapport.records.surfaces.board.card import render_cards
from rapport.records.surfaces.board.drawn import draw_columns
from rapport.records.surfaces.board.lanes import card_fields, lanes_of, summed_columns
from rapport.records.surfaces.board.swimlanes import Swimlane, summed_swimlanes
from rapport.records.surfaces.board.swimming import cells, grouping_of, head
from rapport.records.surfaces.board.views import asked_board
from rapport.records.surfaces.listing.state import ListState
from rapport.ui.toasts import toast


@require_POST
def move_card(request: Request, declaration: type[Object]) -> HttpResponse:
    """Give a card the values of the lane and swim-lane it was put in; answers with the card and
    the heads of where it was and is."""
    state, board = asked_board(request, declaration)
    grouping = grouping_of(state, board)
    kinds = {"column": declaration.fields[board.by]}
    if grouping:
        kinds["row"] = grouping.kind
    try:
        record_id = UUID(request.POST.get("record", ""))
        asked = {
            kind.name: kind.parse(request.POST.get(name, ""), state.context)
            for name, kind in kinds.items()
        }
        version = int(request.POST["version"]) if request.POST.get("version") else None
    except (ValueError, Invalid):
        return _stays(_("This card can't be moved there."), 422)
    lanes = lanes_of(declaration, board, request.principal, request.GET.dict())
    has_actions = any(lane.action for lane in lanes)
    before = _values(state, record_id, list(asked)) if grouping or has_actions else {}
    # Who may change only one of both moves cards along that one.
    values = {name: one for name, one in asked.items() if not grouping or before[name] != one}
    if action := action_between(lanes, before.get(board.by), asked[board.by]):
        return ask_first(request, declaration.url(record_id), action, values, lanes, board)
    try:
        with change(request.principal, via="web", title=_("Move on the board")) as made:
            made.update(declaration.name, record_id, values, version=version)
    except Rejected as refused:
        if board.action and board.by in values:
            also = grouping.kind.name if grouping and grouping.kind.name in values else ""
            return ask_for_more(request, board, declaration.url(record_id), also)
        return _stays(str(refused), 422)
    except Conflict as clash:
        text = _("%(who)s changed this meanwhile. Read the record again and decide.")
        return _stays(text % {"who": clash.who}, 409)
    return _moved(request, state, board, record_id, before, f"/undo/{made.id}/")


def _values(state: ListState, record_id: UUID, names: list[str]) -> Mapping[str, Any]:
    """What a card is before it moves. Raises Http404 where it is not there for its mover."""
    row = read_record(state.principal, state.declaration.name, record_id, names, state.context)
    if row is None:
        raise Http404
    return row.values


def _stays(sentence: str, status: int) -> HttpResponse:
    """Plain text: the page says it in a toast and puts the card back."""
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _moved(
    request: Request,
    state: ListState,
    board: Board,
    record_id: UUID,
    before: Mapping[str, Any],
    undo_url: str,
) -> HttpResponse:
    declaration, context = state.declaration, state.context
    grouping = grouping_of(state, board)
    names = dict.fromkeys([*card_fields(declaration, board), *before])
    row = read_record(request.principal, declaration.name, record_id, names, context)
    if row is None:
        raise Http404
    lanes = lanes_of(declaration, board, request.principal, request.GET.dict())
    touched = _touched(state, board, lanes, grouping, before, row.values) if grouping else []
    places = [one.label for one in lanes if str(one.value) == str(row.values[board.by])]
    places += [one.name for one in touched[-1:]]
    found = summed_columns(state.source(), declaration, board, lanes)
    (card,) = render_cards([row], declaration, board, context, is_movable=True)
    answer = render(
        request,
        "records/board/_moved.html",
        {
            "card": card,
            "columns": [one.filled() for one in draw_columns(found, state, board, is_movable=True)],
            "swimlanes": [
                {**head(one, board, state), "cells": cells(one, board, state)} for one in touched
            ],
            "declaration": declaration,
            "board": board,
        },
    )
    toast(answer, _("Moved to %(lane)s") % {"lane": ", ".join(places)}, undo_url)
    return answer


def _touched(
    state: ListState,
    board: Board,
    lanes: Sequence[Lane],
    grouping: Grouping,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> list[Swimlane]:
    """The swim-lane that a card left and the one it came to, which is last."""
    ends = [one[grouping.kind.name] for one in (before, after)]
    found = summed_swimlanes(
        state.source(), state.declaration, board, lanes, grouping, state.context, more=ends
    )
    by_key = {one.key: one for one in found}
    return [by_key[key] for key in dict.fromkeys(map(grouping.key, ends))]

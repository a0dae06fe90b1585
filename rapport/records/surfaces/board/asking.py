"""What a move of a card asks before it is done: the action of a lane, or of the whole board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from rapport.accounts.request import Request
from rapport.records.declare import Board, Lane
from rapport.records.surfaces.page.acting import ALSO


def action_between(lanes: Sequence[Lane], before: Any, asked: Any) -> str:
    """The action by which a lane takes a card from another; none where both are of the same."""
    actions = {str(lane.value): lane.action for lane in lanes}
    action = actions.get(str(asked), "")
    return "" if action == actions.get(str(before)) else action


def ask_first(
    request: Request,
    url: str,
    action: str,
    changed: Collection[str],
    lanes: Sequence[Lane],
    board: Board,
) -> HttpResponse:
    """On to the form of a lane's action; the card goes back until that is done.

    The form has what the action can't know: the lane, where several are of that action, and the
    swim-lane.
    """
    is_one = Counter(lane.action for lane in lanes)[action] == 1
    also = [
        (name, request.POST.get("column" if name == board.by else "row", ""))
        for name in changed
        if name != board.by or not is_one
    ]
    query = [("next", _shown(request)), *((ALSO, name) for name, _value in also), *also]
    return HttpResponseRedirect(f"{url}actions/{action}/?{urlencode(query)}")


def ask_for_more(request: Request, board: Board, url: str, also: str) -> HttpResponse:
    """A dialog that tries the move as the object's own action, which shows what it lacks and asks
    for it; the card goes back until that is done."""
    facts = {
        "action_url": f"{url}actions/{board.action}/?{urlencode({'next': _shown(request)})}",
        "by": board.by,
        "value": request.POST.get("column", ""),
        "also": also,
        "also_value": request.POST.get("row", ""),
    }
    answer = render(request, "records/board/_asks.html", facts, status=422)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _shown(request: Request) -> str:
    """The board as it is shown: a move is posted beside it."""
    query = request.GET.urlencode()
    return request.path.removesuffix("move/") + (f"?{query}" if query else "")

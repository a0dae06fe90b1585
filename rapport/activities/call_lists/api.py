"""Call lists at work, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.activities.actions.work_call_list import OUTCOMES, claim_next, note_call
from rapport.activities.call_lists.turns import Turn, figures, find_list, turns
from rapport.activities.call_lists.words import told_turn
from rapport.records import access
from rapport.records.kinds import Context, Invalid
from rapport.records.kinds.time import DateTime
from rapport.records.store import Missing, Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.pages import page_context

MOMENT = DateTime("")
NAMES = {"outcome", "note", "back_at"}


def show_queue(request: Request, record_id: UUID) -> HttpResponse:
    """Those still to be called, whose turn is next first, and how far the list is."""
    _check(request.principal, record_id)
    context = page_context(request)
    rows = [_turn(one, context) for one in turns(request.principal, record_id)]
    return answer_json({"figures": dict(figures(record_id)), "data": rows})


def take_next(request: Request, record_id: UUID) -> HttpResponse:
    """Take whoever's turn it is; nobody else is offered that person for a while."""
    _check(request.principal, record_id)
    taken = claim_next(request.principal, record_id)
    context = page_context(request)
    found = turns(request.principal, record_id) if taken else []
    turn = next((one for one in found if taken and one.entry.pk == taken.pk), None)
    return answer_json({"data": _turn(turn, context) if turn else None})


def note(request: Request, record_id: UUID, entry_id: UUID) -> HttpResponse:
    """Note what came of a call; the change set that takes it back."""
    _check(request.principal, record_id)
    body, context = read_object(request), page_context(request)
    made = note_call(
        request.principal, entry_id, str(body.get("outcome") or ""), _given(body, context),
        via="api",
    )  # fmt: skip
    return answer_json({"change_set": str(made)}, 201)


def _check(principal: Principal, key: UUID) -> None:
    access.check(principal, "view", "call_list")
    if find_list(principal, key, "view") is None:
        raise Missing(_("This call list is gone, or not yours to change."))


def _given(body: dict[str, Any], context: Context) -> dict[str, Any]:
    """The values of a body of the described form. Raises Rejected."""
    faults = {name[:60]: _("This field can't be set.") for name in body.keys() - NAMES}
    for name in body.keys() & NAMES:
        if not isinstance(body[name], str) and not (body[name] is None and name != "outcome"):
            faults[name] = _("This is a text.")
    if faults:
        raise Rejected(faults)
    try:
        at = MOMENT.parse(body["back_at"], context) if body.get("back_at") else None
    except Invalid as refused:
        raise Rejected({"back_at": str(refused)}) from None
    return {"note": (body.get("note") or "").replace("\x00", "")[:10_000], "back_at": at}


def _turn(one: Turn, context: Context) -> dict[str, Any]:
    allowance = one.allowance
    return {
        "id": str(one.entry.pk), "person": str(one.entry.person_id), "name": one.name,
        "lead": str(one.entry.lead_id) if one.entry.lead_id else None,
        "when": "taken" if one.taken_by else one.when,
        "at": MOMENT.json(one.at) if one.at else None, "why": told_turn(one, context),
        "number": allowance.number if allowance else "",
        "timezone": allowance.zone if allowance else "", "tries": one.entry.tries,
        "outcome": one.entry.outcome,
    }  # fmt: skip


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


NUMBER = {"type": "integer"}
TURN = _object(
    id=KEY, person=KEY, name=TEXT, lead=TEXT_OR_NULL,
    when={"type": "string", "enum": ["now", "later", "closed", "no_number", "taken"]},
    at=TEXT_OR_NULL, why=TEXT, number=TEXT, timezone=TEXT, tries=NUMBER, outcome=TEXT,
)  # fmt: skip
SENT = {
    "type": "object", "required": ["outcome"], "additionalProperties": False,
    "properties": {
        "outcome": {"type": "string", "enum": [*OUTCOMES]},
        "note": TEXT_OR_NULL,
        "back_at": ruled(
            {"type": ["string", "null"], "format": "date-time"},
            "Of call_back: a moment that is still to come.",
        ),
    },
}  # fmt: skip


def calling_paths(principal: Principal) -> dict[str, Any]:
    """The part of the API's description that is about call lists at work."""
    if not access.may(principal, "view", "call_list"):
        return {}
    here, place = (
        "/call-lists/{record_id}/queue",
        [parameter("record_id", KEY, "path", required=True)],
    )
    entry = [*place, parameter("entry_id", KEY, "path", required=True)]
    figure = {"type": "object", "additionalProperties": NUMBER}
    queue = _object(figures=figure, data={"type": "array", "items": TURN})
    taken = _object(data={"anyOf": [TURN, {"type": "null"}]})
    tag = "call-lists"
    shown = {
        here: {
            "get": operation(
                tag, "show_call_queue", "Whose turn it is on a call list.",
                {"200": json_content("Those still to be called, the next first.", queue)},
                403, 404, parameters=place,
            )
        },
    }  # fmt: skip
    if not access.may(principal, "create", "call"):
        return shown
    return {
        **shown,
        f"{here}/next": {
            "post": operation(
                tag, "take_next_call", "Take whoever's turn it is.",
                {"200": json_content("Who it is, or nobody.", taken)},
                403, 404, 422, parameters=place,
            )
        },
        f"{here}/{{entry_id}}": {
            "post": operation(
                tag, "note_call", "Note what came of a call.",
                {"201": json_content("What takes it back.", _object(change_set=KEY))},
                400, 403, 404, 413, 415, 422, parameters=entry, requestBody=json_body(SENT),
            )
        },
    }  # fmt: skip

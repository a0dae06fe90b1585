"""Approval of quotes, for programs of people who sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
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
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.sales.models import Quote
from rapport.sales.models.approval import APPROVALS
from rapport.sales.parts.approval import Standing, reasons_for, standings
from rapport.sales.quotes.approvals import (
    MOST,
    act,
    told_step,
    waiting_for,
)

DECISIONS = ("ask", "approved", "declined", "hand_on")
STANDINGS = ("none", "needed", "waiting", "approved", "declined")
TEXTS = {"type": "array", "items": TEXT}
MOMENT = {"type": ["string", "null"], "format": "date-time"}


def list_waiting(request: Request) -> HttpResponse:
    """What waits for the approval of whoever asks, the oldest first."""
    _no_parameters(request)
    access.check(request.principal, "view", "quote")
    steps = waiting_for(request.principal).select_related("quote", "asked_by")[:MOST]
    told = [told_step(request, one) for one in steps]
    return answer_json({"data": [
        {"quote": str(one["step"].quote_id), "title": one["title"], "reasons": one["reasons"],
         "asked_at": one["step"].asked_at.isoformat(), "asked_by": one["by"] or None}
        for one in told
    ]})  # fmt: skip


def show_approval(request: Request, record_id: UUID) -> HttpResponse:
    """How the approval of a quote stands. Raises Missing, Denied."""
    _no_parameters(request)
    return answer_json(_told(request.principal, _quote(request.principal, record_id)))


def change_approval(request: Request, record_id: UUID) -> HttpResponse:
    """Ask for approval, decide, hand on; how it stands then. Raises Rejected and the like."""
    quote = _quote(request.principal, record_id)
    body = read_object(request)
    faults = {name[:60]: _("This field can't be set.") for name in body.keys() - set(GIVEN)}
    for name in body.keys() & set(GIVEN):
        if not isinstance(body[name], str):
            faults[name] = _("This is a text.")
    if body.get("decision") not in DECISIONS:
        faults["decision"] = _("Say whether you approve the quote.")
    if faults:
        raise Rejected(faults)
    act(request.principal, record_id, body, via="api")
    return answer_json(_told(request.principal, quote))


def _no_parameters(request: Request) -> None:
    for name in request.GET:
        raise refuse_field(name[:60], _("This address takes no such parameter."))


def _quote(principal: Principal, record_id: UUID) -> Quote:
    access.check(principal, "view", "quote")
    quote: Quote | None = access.rows(principal, "quote").filter(pk=record_id).first()
    if quote is None:
        raise Missing(_("This quote is gone, or not yours to see."))
    return quote


def _told(principal: Principal, quote: Quote) -> dict[str, Any]:
    standing = standings([quote.pk]).get(quote.pk, Standing("none", [], []))
    return {
        "state": standing.state, "reasons": reasons_for(principal, standing.broken),
        "steps": [
            {"state": one.state, "approvers": [str(key) for key in one.users],
             "asked_at": one.asked_at.isoformat(), "comment": one.comment,
             "asked_by": str(one.asked_by_id) if one.asked_by_id else None,
             "decided_by": str(one.decided_by_id) if one.decided_by_id else None,
             "decided_at": one.decided_at.isoformat() if one.decided_at else None}
            for one in standing.steps
        ],
    }  # fmt: skip


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


GIVEN: dict[str, Any] = {
    "decision": {"type": "string", "enum": list(DECISIONS)}, "comment": {"type": "string"},
    "to": {"type": "string", "format": "uuid"},
}  # fmt: skip
STEP = _object(
    state={"enum": list(APPROVALS)}, approvers={"type": "array", "items": KEY}, asked_at=MOMENT,
    comment=TEXT, asked_by=TEXT_OR_NULL, decided_by=TEXT_OR_NULL, decided_at=MOMENT,
)  # fmt: skip
SHOWN = _object(
    state={"enum": list(STANDINGS)}, reasons=TEXTS, steps={"type": "array", "items": STEP}
)
WAITING = _object(quote=KEY, title=TEXT, reasons=TEXTS, asked_at=MOMENT, asked_by=TEXT_OR_NULL)


def approval_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever sees quotes; whether one decides is found out by calling."""
    if not access.may(principal, "view", "quote"):
        return {}
    listed = _object(data={"type": "array", "items": WAITING})
    waiting = operation(
        "quotes", "list_approvals", "What waits for your approval",
        {"200": json_content("The oldest first.", listed)}, 403, 422,
    )  # fmt: skip
    stands = {"200": json_content("How it stands, and each step in order.", SHOWN)}
    show = operation(
        "quotes", "approval_of_quote", "How the approval of a quote stands", stands, 403, 404, 422
    )
    schema = {
        "type": "object", "required": ["decision"], "properties": GIVEN,
        "additionalProperties": False,
    }  # fmt: skip
    decide = operation(
        "quotes", "decide_on_quote", "Ask for approval of a quote, decide, or hand it on", stands,
        400, 403, 404, 413, 415, 422, requestBody=json_body(schema),
    )  # fmt: skip
    key = [parameter("record_id", KEY, "path", required=True)]
    return {
        "/approvals": {"get": waiting},
        "/quotes/{record_id}/approval": {"parameters": key, "get": show, "post": decide},
    }

"""The link to the public page of a quote and what came of it, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.sales.models import Quote, QuoteComment, QuoteDecision, QuoteLink
from rapport.sales.models.quote_link import BYTES
from rapport.sales.quotes.customer import close_links, give_link, quote_to_answer
from rapport.sales.quotes.documents import quote_to_show

MOMENT = {"type": ["string", "null"], "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}


def show_link(request: Request, record_id: UUID) -> HttpResponse:
    """Whether a link is open, how often it was opened, what was said and decided there."""
    _no_parameters(request)
    return answer_json(_told(quote_to_show(request.principal, record_id)))


def make_link(request: Request, record_id: UUID) -> HttpResponse:
    """Give out a new link, which closes those before: 201 with its address, told this once."""
    quote = _own(request, record_id)
    address, link = give_link(request, quote)
    return answer_json({"address": address, "until": link.expires_at.isoformat()}, 201)


def revoke_link(request: Request, record_id: UUID) -> HttpResponse:
    """Have no link open the quote any more; how it stands then."""
    quote = _own(request, record_id)
    close_links(quote)
    return answer_json(_told(quote))


def _own(request: Request, record_id: UUID) -> Quote:
    """A quote whose link the principal may give out. Raises Missing, Denied."""
    _no_parameters(request)
    # What an agent does waits for its person where he wants that; a link would be out at once.
    if request.principal.kind == "agent":
        raise access.Denied(_("An assistant gives out no links to customers. Do that yourself."))
    return quote_to_answer(request.principal, record_id)


def _no_parameters(request: Request) -> None:
    for name in request.GET:
        raise refuse_field(name[:60], _("This address takes no such parameter."))


def _told(quote: Quote) -> dict[str, Any]:
    links = list(QuoteLink.objects.filter(quote=quote).order_by("-created_at"))
    now = timezone.now()
    live = next((one for one in links if not one.revoked_at and one.expires_at > now), None)
    first = [one.first_opened_at for one in links if one.first_opened_at]
    last = [one.last_opened_at for one in links if one.last_opened_at]
    decision = QuoteDecision.objects.filter(quote=quote).defer(*BYTES).first()
    comments = QuoteComment.objects.filter(quote=quote).order_by("at", "pk")
    return {
        "is_open": live is not None, "until": _moment(live.expires_at if live else None),
        "opened": sum(one.opened for one in links),
        "first_opened_at": _moment(min(first, default=None)),
        "last_opened_at": _moment(max(last, default=None)),
        "comments": [
            {"at": _moment(one.at), "name": one.name, "text": one.text,
             "user": str(one.user_id) if one.user_id else None}
            for one in comments
        ],
        "decision": _decided(decision) if decision else None,
    }  # fmt: skip


def _decided(decision: QuoteDecision) -> dict[str, Any]:
    return {
        "is_accepted": decision.is_accepted, "at": _moment(decision.at), "name": decision.name,
        "reason": decision.reason, "sha256": decision.sha256,
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


COMMENT = _object(at=MOMENT, name=TEXT, text=TEXT, user=TEXT_OR_NULL)
DECISION = _object(is_accepted={"type": "boolean"}, at=MOMENT, name=TEXT, reason=TEXT, sha256=TEXT)
SHOWN = _object(
    is_open={"type": "boolean"}, until=MOMENT, opened=COUNT, first_opened_at=MOMENT,
    last_opened_at=MOMENT, comments={"type": "array", "items": COMMENT},
    decision={"anyOf": [DECISION, {"type": "null"}]},
)  # fmt: skip
MADE = _object(address=TEXT, until=MOMENT)


def link_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever sees quotes; who changes them gives out links, too."""
    if not access.may(principal, "view", "quote"):
        return {}
    stands = {"200": json_content("Openings, comments and the decision.", SHOWN)}
    found: dict[str, Any] = {
        "parameters": [parameter("record_id", KEY, "path", required=True)],
        "get": operation(
            "quotes", "link_of_quote", "What a customer did with a quote", stands, 403, 404, 422
        ),
    }
    if access.may(principal, "edit", "quote") and principal.kind != "agent":
        made = {"201": json_content("Its address, which is told this once.", MADE)}
        found["post"] = operation(
            "quotes", "make_quote_link", "Give out a new link to a quote", made, 403, 404, 422
        )
        found["delete"] = operation(
            "quotes", "revoke_quote_link", "Close the link to a quote", stands, 403, 404, 422
        )
    return {"/quotes/{record_id}/link": found}

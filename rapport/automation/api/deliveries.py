"""What webhooks were told, for programs."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.automation import actions
from rapport.automation.api.webhooks import administrator, found_for
from rapport.automation.models import Delivery, Webhook
from rapport.automation.queries import deliveries_of
from rapport.records.surfaces.api.collection import read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import refuse_field

PARAMETERS = frozenset({"limit", "after", "state"})


def list_deliveries(request: Request, webhook_id: UUID) -> HttpResponse:
    """The newest first, without payloads; `state` only those in one, `after` goes on from one."""
    found = found_for(administrator(request, PARAMETERS), webhook_id)
    state, limit = request.GET.get("state", ""), read_limit(request.GET)
    if "state" in request.GET and state not in Delivery.State.values:
        raise refuse_field("state", _("There is no such state."))
    several = deliveries_of(found, state, _before(found, request.GET.get("after")))
    page = list(several.defer("payload")[: limit + 1])
    shown = page[:limit]
    following = str(shown[-1].id) if len(page) > limit else None
    return answer_json({"data": [_document(one) for one in shown], "next": following})


def get_delivery(request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One of them with what was sent and each try."""
    found = found_for(administrator(request), webhook_id)
    one = _delivery(found, delivery_id)
    payload = json.loads(one.payload) if one.payload else None
    return answer_json(_document(one) | {"payload": payload, "tries": one.tries})


def replay(request: Request, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send one again, if it does not wait anyway."""
    by = administrator(request)
    one = _delivery(found_for(by, webhook_id), delivery_id)
    return answer_json({"replayed": actions.replay(one, by)})


def _delivery(webhook: Webhook, delivery_id: UUID) -> Delivery:
    """Raises Http404."""
    one = deliveries_of(webhook).filter(id=delivery_id).first()
    if one is None:
        raise Http404
    one.webhook = webhook
    return one


def _before(webhook: Webhook, text: str | None) -> int | None:
    """The number of the delivery that the page before ended with. Raises Problem."""
    if text is None:
        return None
    try:
        return _delivery(webhook, UUID(text)).number
    except (ValueError, Http404):
        raise refuse_field("after", _("after is the id of a delivery.")) from None


def _document(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "message": one.message_id,
        "event": one.event,
        "object": one.object or None,
        "record": one.record_id,
        "state": one.state,
        "made_at": one.made_at,
        "due_at": one.due_at if one.state == Delivery.State.WAITING else None,
        "done_at": one.done_at,
        "attempts": one.attempts,
        "status": one.status,
        "answer": one.answer,
        "fault": one.fault,
    }

"""What was booked by a page, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.activities.booking.panel import booked_meetings
from rapport.activities.models import BookingPage
from rapport.records import access
from rapport.records.kinds.time import DateTime
from rapport.records.store import Missing
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
)

MOMENT = DateTime("")
MOST = 500
ROW = {"meeting": KEY, "subject": TEXT, "start": TEXT, "end": TEXT_OR_NULL, "status": TEXT}


def list_bookings(request: Request, record_id: UUID) -> HttpResponse:
    """The newest meetings booked by a page that the asker sees."""
    access.check(request.principal, "view", "booking_page")
    page = access.rows(request.principal, "booking_page").filter(pk=record_id).first()
    if page is None or not isinstance(page, BookingPage):
        raise Missing
    rows = booked_meetings(request.principal, page).order_by("-start", "pk")[:MOST]
    told = [
        {
            "meeting": str(key), "subject": subject, "start": MOMENT.json(start),
            "end": MOMENT.json(end) if end else None, "status": status,
        }
        for key, subject, start, end, status in rows.values_list(
            "pk", "subject", "start", "end", "status"
        )
    ]  # fmt: skip
    return answer_json({"data": told})


def booking_paths(principal: Principal) -> dict[str, Any]:
    """The part of the API's description that is about bookings."""
    if not access.may(principal, "view", "booking_page"):
        return {}
    row = {"type": "object", "required": [*ROW], "properties": ROW}
    body = {
        "type": "object", "required": ["data"],
        "properties": {"data": {"type": "array", "items": row}},
    }  # fmt: skip
    return {
        "/booking-pages/{record_id}/bookings": {
            "get": operation(
                "booking-pages", "list_bookings", "The meetings booked by a page.",
                {"200": json_content("At most the newest 500.", body)},
                403, 404, parameters=[parameter("record_id", KEY, "path", required=True)],
            )
        }
    }  # fmt: skip

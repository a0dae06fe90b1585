"""The stream of a browser."""

from __future__ import annotations

from math import inf

from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records.live import EventStream


@require_GET
def follow(request: Request) -> EventStream:
    """Events from now on, and those that came in the last `?age=` seconds."""
    try:
        age = max(0.0, float(request.GET.get("age", "0")))
    except ValueError:
        age = inf
    return EventStream(str(request.session.session_key), request.principal, age)

"""Operations that will go: each answer says since when, until when, and what to use instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.http import http_date

type View = Callable[..., HttpResponseBase]


def deprecated(since: date, until: date, instead: str) -> Callable[[View], View]:
    """Declare that a view is deprecated since a day (RFC 9745) and gone on another (RFC 8594).

    `instead` is the address of what to use. Raises ValueError for less than a year between them.
    """
    if (until - since).days < 365:
        raise ValueError("Programs get a year to move on.")
    headers = {
        "Deprecation": f"@{_moment(since):.0f}",
        "Sunset": http_date(_moment(until)),
        "Link": f'<{instead}>; rel="successor-version"',
    }

    def declare(view: View) -> View:
        @wraps(view)
        def answer(*given: Any, **named: Any) -> HttpResponseBase:
            response = view(*given, **named)
            for name, value in headers.items():
                response.headers[name] = value
            return response

        return answer

    return declare


def _moment(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()

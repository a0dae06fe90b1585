"""The outermost layer of a request: it gets a name, and is counted, timed and written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rapport.accounts.addresses import is_from_proxy
from rapport.kit.ids import uuid7
from rapport.kit.origin import Origin, begin, is_name, origin
from rapport.project.observing import counting, tracing

HEADER = "X-Request-ID"
STATIC, UNKNOWN = "static", "unknown"
log = logging.getLogger("rapport.requests")

type Respond = Callable[[HttpRequest], HttpResponse]


class ObservingMiddleware:
    """Stands before all others, so that what they do is within the request."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.count = counting.request_counter() if settings.INSTANCE.has_metrics else None
        self.span = tracing.request_tracer(settings.INSTANCE.traces_to)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the answer tells the request's name."""
        began = perf_counter()
        found = Origin(_name_of(request))
        # Not taken back: what is refused is written down by Django outside of all layers, and an
        # answer may still be streaming. The next request of this thread has its own.
        begin(found)
        with self.span(request, found) as finish:
            response = self.get_response(request)
            found.route = found.route or _elsewhere(request)
            finish(response.status_code)
        seconds = perf_counter() - began
        if self.count:
            self.count(found.route, request.method or "", response.status_code, seconds)
        _write_down(request, response.status_code, seconds)
        response.headers[HEADER] = found.request
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Note the route as soon as it is known."""
        match = request.resolver_match
        origin().route = (match.view_name if match else "") or UNKNOWN


def _elsewhere(request: HttpRequest) -> str:
    """What is counted for an address that no view was asked for: nobody outside makes names up."""
    return STATIC if request.path_info.startswith(settings.STATIC_URL) else UNKNOWN


def _write_down(request: HttpRequest, status: int, seconds: float) -> None:
    facts = {"status": status, "milliseconds": round(seconds * 1000, 1)}
    method = request.method if request.method in counting.METHODS else "?"
    log.info("%s %d in %.0f ms", method, status, seconds * 1000, extra=facts)


def _name_of(request: HttpRequest) -> str:
    """The name a trusted proxy gave it, where that is one; else a new one."""
    given = request.headers.get(HEADER, "")
    if given and is_name(given) and is_from_proxy(request):
        return given
    return uuid7().hex

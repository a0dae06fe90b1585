"""Spans of requests, their statements and jobs for a collector that the operator names; nothing is
loaded where he names none.

A span holds the route, method, status, the request's name and what a statement looks like, never an
address or a value.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest

from rapport.accounts.addresses import is_from_proxy
from rapport.kit.origin import Origin, origin

log = logging.getLogger("rapport.tracing")
MISSING = (
    "Traces are asked for, and OpenTelemetry is not installed. Get it with: bin/extras tracing"
)

type Finish = Callable[[int], None]
type Span = Callable[[HttpRequest, Origin], AbstractContextManager[Finish]]


def is_installed() -> bool:
    """Whether the library is there."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None


def request_tracer(endpoint: str) -> Span:
    """What makes a span of a request, or nothing of it."""
    return _spans_to(endpoint) if endpoint else _no_span


@contextmanager
def _no_span(_request: HttpRequest, _origin: Origin) -> Iterator[Finish]:
    yield _nothing


def _nothing(_status: int) -> None:
    """Note nothing."""


def _spans_to(endpoint: str) -> Span:
    @contextmanager
    def span(request: HttpRequest, origin: Origin) -> Iterator[Finish]:
        # Made by the process that answers: what sends spans is a thread, which no fork takes along.
        tracer = _tracer(endpoint)
        if tracer is None:
            yield _nothing
            return
        with tracer.start_as_current_span("request", _above(request)) as made:

            def finish(status: int) -> None:
                made.update_name(f"{request.method} {origin.route}")
                made.set_attribute("http.route", origin.route)
                made.set_attribute("http.request.method", request.method or "")
                made.set_attribute("http.response.status_code", status)
                made.set_attribute("rapport.request", origin.request)

            yield finish

    return span


@contextmanager
def job_span(endpoint: str, name: str, found: Origin) -> Iterator[None]:
    """A span of a job that the worker runs."""
    tracer = _tracer(endpoint)
    if tracer is None:
        yield
        return
    with tracer.start_as_current_span(f"job {name}") as made:
        made.set_attribute("rapport.job", found.job)
        made.set_attribute("rapport.request", found.request)
        yield


@contextmanager
def statement_span(endpoint: str, shape: str) -> Iterator[None]:
    """A span of a statement, within that of its request or job; others have none."""
    from opentelemetry import trace

    tracer = _tracer(endpoint)
    if not trace.get_current_span().is_recording():
        yield
        return
    with tracer.start_as_current_span(shape.partition(" ")[0], kind=trace.SpanKind.CLIENT) as made:
        made.set_attribute("db.system.name", "postgresql")
        made.set_attribute("db.query.text", shape)
        made.set_attribute("rapport.request", origin().request)
        yield


def _above(request: HttpRequest) -> Any:
    """The span of the proxy before us, where we trust one."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    said = request.headers.get("traceparent", "") if is_from_proxy(request) else ""
    return TraceContextTextMapPropagator().extract({"traceparent": said})


@cache
def _tracer(endpoint: str) -> Any:
    """The tracer of this process; None, with a word in the log, where the library is not there."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning(MISSING)
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": "rapport"}))
    address = endpoint.rstrip("/") + "/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return provider.get_tracer("rapport")

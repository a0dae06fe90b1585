"""A collector that the operator names hears of requests, their statements, and jobs."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection
from pytest_django import Settings

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.kit.origin import Origin, working_for
from rapport.project.observing import tracing
from rapport.records.jobs import enqueue, register
from rapport.records.jobs.kinds import _handlers
from tests.faults.queue import work

pytestmark = pytest.mark.django_db(transaction=True)


class Collector:
    """Takes spans in as OTLP over HTTP says, and is asked for them."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.bodies: list[bytes] = []

    @property
    def spans(self) -> list[Any]:
        """All that came, once all that waits is sent."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
            ExportTraceServiceRequest,
        )

        tracing._tracer(product.INSTANCE.traces_to).span_processor.force_flush()
        said = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        groups = [group for one in said for group in one.resource_spans]
        return [span for group in groups for scope in group.scope_spans for span in scope.spans]


@pytest.fixture
def collector(settings: Settings) -> Iterator[Collector]:
    """One that listens on this machine, and whose address is set."""
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            found.paths.add(self.path)
            found.bodies.append(gzip.decompress(body) if is_packed else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_line: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        settings.INSTANCE = replace(settings.INSTANCE, traces_to=url)
        connection.close()
        try:
            yield found
        finally:
            tracing._tracer(url).span_processor.shutdown()
            tracing._tracer.cache_clear()
            connection.close()
            server.shutdown()
            thread.join()


def facts(span: Any) -> dict[str, Any]:
    """What a span says, by name."""
    return {one.key: one.value.string_value or one.value.int_value or "" for one in span.attributes}


def test_a_request_its_statements_and_a_job_are_told(collector: Collector) -> None:
    user = make_user()
    browser = signed_in(user)
    name = browser.get("/people/?q=Confidential").headers["X-Request-ID"]
    register("spanned")(lambda *_job: {})
    try:
        with working_for(Origin(request="request-of-ana")):
            enqueue(principal_of(user), "spanned", "Spanned")
        work()
    finally:
        del _handlers["spanned"]
    spans = collector.spans
    (page,) = [one for one in spans if one.name == "GET list"]
    assert facts(page) == {
        "http.route": "list", "http.request.method": "GET", "http.response.status_code": 200,
        "rapport.request": name,
    }  # fmt: skip
    asked = [facts(one) for one in spans if one.parent_span_id == page.span_id]
    assert len(asked) > 2
    assert {one["rapport.request"] for one in asked} == {name}
    assert all(one["db.query.text"].split()[0].isalpha() for one in asked)
    (job,) = [one for one in spans if one.name == "job spanned"]
    assert facts(job)["rapport.request"] == "request-of-ana"
    done = [one for one in spans if one.parent_span_id == job.span_id]
    assert "request-of-ana" in {facts(one)["rapport.request"] for one in done}
    assert not any(b"Confidential" in body for body in collector.bodies)
    assert collector.paths == {"/v1/traces"}

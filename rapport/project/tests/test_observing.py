"""A request has a name, which its answer, its statements, its log lines and its jobs carry."""

from __future__ import annotations

import json
import logging
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from rapport.accounts.testing import make_user, signed_in
from rapport.kit.origin import Origin, origin, working_for
from rapport.project.observing.logs import WithoutAddress, formatter
from rapport.project.observing.slowness import shape_of
from rapport.records.jobs import enqueue, register, run_job
from rapport.records.jobs.kinds import _handlers
from rapport.records.models import Job
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
HEADER = "X-Request-ID"
GIVEN = "proxy-4711.abc"


def test_each_request_gets_a_name_of_its_own(client: Client) -> None:
    names = {client.get("/healthz").headers[HEADER] for _time in range(2)}
    assert len(names) == 2
    assert all(len(name) == 32 for name in names)


def test_no_line_tells_the_address_of_a_refused_request(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"/q/{'s' * 43}/")
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert WithoutAddress().filter(record)
    assert record.getMessage() == "Not Found: …"


def test_a_trusted_proxy_names_requests_and_nobody_else(client: Client, settings: Settings) -> None:
    assert client.get("/healthz", headers={HEADER: GIVEN}).headers[HEADER] != GIVEN
    settings.TRUSTED_PROXIES = ("127.0.0.1/32",)
    assert client.get("/healthz", headers={HEADER: GIVEN}).headers[HEADER] == GIVEN


@pytest.mark.parametrize(
    "name", ["short", "x" * 65, "a */ DROP TABLE x; --", "line\nbreak-here", "*/*/*/*/", "é" * 12]
)
def test_what_could_break_out_of_a_log_or_a_comment_is_no_name(
    client: Client, settings: Settings, name: str
) -> None:
    settings.TRUSTED_PROXIES = ("127.0.0.1/32",)
    answer = client.get("/healthz", headers={HEADER: name.encode().decode("latin-1")})
    assert len(answer.headers[HEADER]) == 32


def test_statements_say_for_which_request_they_run() -> None:
    browser = signed_in(make_user())
    with CaptureQueriesContext(connection) as captured:
        name = browser.get("/people/").headers[HEADER]
    asked = [one["sql"] for one in captured.captured_queries]
    assert any(one.startswith(f"/* rapport request={name} route=list */ ") for one in asked)
    assert all(f"request={name}" in one for one in asked)


def test_a_job_carries_the_request_that_asked_for_it_into_its_log() -> None:
    seen: list[Origin] = []

    @register("observed")
    def observe(*_job: object) -> dict[str, object]:
        seen.append(origin())
        return {}

    try:
        with working_for(Origin(request="request-of-ana")):
            job = enqueue(HOUSE, "observed", "Watch")
        run_job(job.pk)
    finally:
        del _handlers["observed"]
    assert Job.objects.get(pk=job.pk).request == "request-of-ana"
    assert seen[0].facts == {"request": "request-of-ana", "job": str(UUID(str(job.pk)))}


@pytest.mark.parametrize("kind", ["line", "json"])
def test_a_line_of_the_log_names_request_route_and_job(kind: str) -> None:
    record = logging.LogRecord("rapport.x", logging.INFO, "", 0, "Did %s", ("it",), None)
    with working_for(Origin("r-12345678", "list", "j1")):
        line = formatter(kind).format(record)
    if kind == "line":
        assert line.endswith("INFO rapport.x: Did it [request=r-12345678 route=list job=j1]")
        return
    said = json.loads(line)
    assert said.items() >= {
        "event": "Did it", "level": "info", "logger": "rapport.x",
        "request": "r-12345678", "route": "list", "job": "j1",
    }.items()  # fmt: skip


def test_slow_statements_are_kept_without_values() -> None:
    text = """/* rapport request=abc */ SELECT "a1" FROM t
      WHERE name = 'O''Hara' AND n = 42 AND x = %s AND b = $q$secret$q$ LIMIT 50"""
    assert shape_of(text) == (
        'SELECT "a1" FROM t WHERE name = ? AND n = ? AND x = %s AND b = ? LIMIT ?'
    )

"""Whoever only looks as a colleague leaves no trace but in the logs, wherever he looks."""

from __future__ import annotations

import time

import pytest

from rapport.records import registry
from tests.access.people import gather
from tests.access.state import attempts, state
from tests.access.table import rows, rows_about
from tests.access.things import make_things
from tests.test_access_matrix import Undone, ask

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db, pytest.mark.long]

#: Who read what, and the session itself.
LOGS = {"records_reading", "accounts_session"}


def test_no_page_and_no_answer_writes_anything() -> None:
    people, declaration = gather(), registry.get("person")
    things, browser = make_things(declaration, people), people.browsers["owner"]
    session = browser.session
    until = int(time.time()) + 600
    session["viewing"] = {"user": str(people.member.pk), "until": until}
    session.save()
    table = [*rows_about(declaration), *(row for row in rows() if row.objects == "house")]
    before, wrong = state(), {}
    for row in table:
        if row.name in ("viewing_stop", "sign_out"):
            continue
        with Undone():
            since = attempts()
            answer = ask(browser, row, things)
            written = before.written(since) - LOGS
            if written or (row.method != "GET" and answer.status_code < 400):
                wrong[row.label] = (answer.status_code, written)
    assert wrong == {}

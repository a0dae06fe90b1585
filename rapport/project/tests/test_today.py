"""The first page of the day: what waits for the reader, and nothing of others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Lead
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.sales.models import Stage
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def page_of(user: Any) -> str:
    return signed_in(user).get("/").content.decode()


def lead(name: str, owner: Any, hours: int, status: str = "new") -> None:
    person = create("person", last_name=name)
    key = create("lead", person=str(person), owner=str(owner.pk), status=status)
    with change(HOUSE, via="test"):
        due = timezone.now() + timedelta(hours=hours)
        Lead.objects.filter(pk=key).update(answer_by=due)


def test_leads_wait_the_one_with_least_time_first_and_only_ones_own() -> None:
    me, other = make_user("Me", "member"), make_user("Other", "member")
    lead("Later", me, 9)
    lead("Sooner", me, -1)
    lead("Worked", me, 1, status="working")
    lead("Foreign", other, 1)
    page = page_of(me)
    assert page.index("Answer Sooner") < page.index("Answer Later")
    assert "Answer Worked" not in page
    assert "Answer Foreign" not in page


def test_meetings_of_today_are_there_and_those_of_other_days_are_not() -> None:
    me = make_user("Me", "member")
    now = timezone.now()
    for name, start, end in (("Now", -1, 1), ("Over", -3, -2), ("Next week", 170, 171)):
        create(
            "meeting", subject=name, owner=str(me.pk), status="planned",
            start=(now + timedelta(hours=start)).isoformat(),
            end=(now + timedelta(hours=end)).isoformat(),
        )  # fmt: skip
    page = page_of(me).partition("Meetings today")[2].partition("</section>")[0]
    assert ">Now<" in page
    assert "Over" not in page
    assert "Next week" not in page


def test_deals_that_are_worth_a_look_are_told_with_the_reason() -> None:
    me = make_user("Me", "member")
    stage = str(Stage.objects.filter(state="open")[0].pk)
    people = [{"person": str(create("person", last_name=name))} for name in ("A", "B")]
    values: dict[str, Any] = {"owner": str(me.pk), "stage": stage, "people": people}
    late = create("deal", name="Late one", amount=5, close_date="2026-01-01", **values)
    fine = create("deal", name="Fine one", amount=9, close_date="2999-01-01", **values)
    for key in (late, fine):
        create("task", subject="Go on", about=[f"deal:{key}"])
    page = page_of(me).partition('id="my-deals"')[2].partition("</section>")[0]
    assert "Late one" in page
    assert "Date past" in page
    assert "Fine one" not in page
    assert "/sales/review/?of=me" in page
    registry.restrict({"deal": {"amount": registry.Rights(frozenset(), frozenset())}})
    try:
        assert "Fine one" in page_of(me)
    finally:
        registry.restrict({})


def plans_of(user: Any) -> dict[str, str]:
    """How the database works off the statements of the page, by the table each begins with."""
    client = signed_in(user)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    plans = {}
    with connection.cursor() as cursor:
        # Of the few rows of a test it would rather read and sort them all.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for one in asked.captured_queries:
            table = one["sql"].partition(' FROM "')[2].partition('"')[0]
            if table in ("activities_task", "records_change") and "ORDER BY" in one["sql"]:
                cursor.execute("EXPLAIN " + one["sql"])
                plans[table] = "\n".join(row[0] for row in cursor.fetchall())
    return plans


def test_neither_what_was_done_nor_what_an_import_wrote_is_read_for_a_few_lines() -> None:
    me = make_user("Me", "member")
    create("task", subject="Go on", owner=str(me.pk))
    plans = plans_of(me)
    assert "using task_to_do" in plans["activities_task"]
    assert "changeset_at" in plans["records_change"]
    assert "change_set = records_changeset.id" in plans["records_change"]


def test_an_act_on_many_records_is_one_line_with_how_many_more() -> None:
    me = make_user("Me", "owner")
    with change(HOUSE, via="test") as made:
        for name in ("First", "Second", "Third"):
            made.create("company", {"name": name})
    page = page_of(me).partition('id="changed"')[2]
    assert "First</a> and 2 more" in page

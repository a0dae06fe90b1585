"""A lead is to be answered in working hours; the first contact from us stops its clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from rapport.accounts.actions.working_time import keep_hours
from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.contacts.actions import keep_targets, tell_of_waiting_leads
from rapport.contacts.leads.answering import note_answers
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.models import Lead
from rapport.kit.hours import Hours
from rapport.records.models import Notification
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = {day: [(0, 24 * 60)] for day in range(1, 8)}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-23T09:00", 60, "2026-11-23T10:00"),
        ("2026-11-20T16:50", 30, "2026-11-23T09:20"),
        ("2026-11-21T12:00", 480, "2026-11-23T17:00"),
        ("2026-12-24T16:00", 120, "2026-12-28T10:00"),
        ("2026-03-27T16:00", 120, "2026-03-30T10:00"),
    ],
)
def test_minutes_are_counted_in_working_hours(start: str, minutes: int, end: str) -> None:
    hours = Hours(BERLIN, closed=frozenset([date(2026, 12, 25)]))
    assert hours.after(moment(start), minutes) == moment(end)


def test_a_day_that_the_clock_makes_shorter_has_fewer_hours() -> None:
    hours = Hours(BERLIN, {7: [(0, 24 * 60)]})
    start = moment("2026-03-29T00:00")
    assert hours.after(start, 23 * 60) == moment("2026-03-30T00:00")
    assert Hours(BERLIN, {}).after(start, 5) == start + timedelta(minutes=5)


@pytest.fixture
def ada(db: None) -> User:
    keep_hours(None, ALWAYS)
    keep_targets({"targets": [{"source": "Website", "rating": "", "minutes": 30}], "minutes": None})
    boss = make_user("Bo", "member")
    ada = make_user("Ada", "member")
    User.objects.filter(pk=ada.pk).update(manager=boss)
    return ada


def arrived(ada: User, **values: Any) -> tuple[UUID, UUID]:
    person = create("person", name="Max")
    lead = create("lead", person=str(person), owner=str(ada.pk), **({"source": "Website"} | values))
    route_new_leads([lead])
    return lead, person


def test_only_new_leads_with_a_target_wait(ada: User) -> None:
    waiting = Lead.objects.get(pk=arrived(ada)[0])
    assert waiting.answer_by == waiting.created_at + timedelta(minutes=30)
    for other in ({"source": "Fair"}, {"status": "working"}, {"answered_at": "2026-01-01"}):
        assert Lead.objects.get(pk=arrived(ada, **other)[0]).answer_by is None


def test_the_first_contact_from_us_stops_the_clock(ada: User) -> None:
    lead, person = arrived(ada)
    create("call", subject="They", direction="in", about=[f"person:{person}"])
    early = (timezone.now() - timedelta(days=2)).isoformat()
    create("call", subject="Before", direction="out", about=[f"person:{person}"], at=early)
    create("call", subject="Private", direction="out", about=[f"lead:{lead}"], private="nothing",
           owner=str(ada.pk))  # fmt: skip
    assert note_answers() == 0
    at = timezone.now() + timedelta(minutes=31)
    create("call", subject="We", direction="out", about=[f"person:{person}"], at=at.isoformat())
    assert note_answers() == 1
    found = Lead.objects.get(pk=lead)
    assert (found.answer_by, found.answered_at, found.answer_kept) == (None, at, "late")


def test_a_lead_that_is_judged_waits_no_more(ada: User) -> None:
    lead, _person = arrived(ada)
    update("lead", lead, status="unqualified")
    note_answers()
    found = Lead.objects.get(pk=lead)
    assert (found.answer_by, found.answered_at, found.answer_kept) == (None, None, "")


def test_the_owner_is_told_before_and_the_manager_with_him_when_it_is_late(ada: User) -> None:
    lead, _person = arrived(ada)
    assert tell_of_waiting_leads() == 0
    due = timezone.now() + timedelta(minutes=5)
    _set_due(lead, due)
    assert (tell_of_waiting_leads(), tell_of_waiting_leads()) == (1, 0)
    _set_due(lead, timezone.now() - timedelta(minutes=1))
    Notification.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert (tell_of_waiting_leads(), tell_of_waiting_leads()) == (2, 0)
    told = Notification.objects.filter(kind="due").order_by("at", "id")
    assert [one.text for one in told] == [
        "Answer soon: Max", "Nobody has answered yet: Max", "Ada has not answered yet: Max",
    ]  # fmt: skip


def _set_due(lead: UUID, due: datetime) -> None:
    with change(HOUSE, via="test"):
        Lead._default_manager.filter(pk=lead).update(answer_by=due)

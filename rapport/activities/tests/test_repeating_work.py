"""Tasks and calls that repeat: one is open at a time, and who completes it finds the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.activities.models import Call, Task
from rapport.activities.recurrence.rules import next_of
from rapport.records.changes.undo import undo
from rapport.records.models import Link
from rapport.records.store import change
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db
AHEAD = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=10)


def open_tasks() -> list[Task]:
    return [*Task.objects.filter(deleted_at=None, status="open").order_by("due")]


def test_the_next_task_comes_with_its_people_goes_with_undo_and_comes_once(
    client: Client,
) -> None:
    user = make_user()
    principal = principal_of(user)
    about = make_sample("person")
    values = {"subject": "Report", "due": AHEAD, "repeats": "FREQ=DAILY;INTERVAL=3;COUNT=3",
              "about": [("person", about)], "priority": "high"}  # fmt: skip
    with change(principal, via="test") as made:
        key = made.create("task", values)
    with change(principal, via="test") as done:
        done.update("task", key, {"status": "done"})
    [following] = open_tasks()
    assert (following.due, following.repeats) == (
        AHEAD + timedelta(days=3), "FREQ=DAILY;INTERVAL=3;COUNT=2",
    )  # fmt: skip
    assert (following.subject, following.priority, following.owner_id) == (
        "Report",
        "high",
        user.pk,
    )
    assert Link.objects.filter(from_id=following.pk, to_id=about, role="about").exists()
    undo(principal, done.id, via="test")
    assert [one.pk for one in open_tasks()] == [key]
    client.force_login(user)
    client.post(f"/tasks/{key}/actions/complete_task/", {"next": "/"})
    with change(principal, via="test") as again:
        again.update("task", key, {"status": "open"})
        again.update("task", key, {"status": "done"})
    [second] = open_tasks()
    client.post(f"/tasks/{second.pk}/actions/complete_task/", {"next": "/"})
    [third] = open_tasks()
    client.post(f"/tasks/{third.pk}/actions/complete_task/", {"next": "/"})
    assert open_tasks() == []


def test_what_was_missed_does_not_pile_up_and_dropping_one_ends_it() -> None:
    principal = principal_of(make_user())
    late = AHEAD - timedelta(days=40)
    with change(principal, via="test") as made:
        keys: list[UUID] = [
            made.create("task", {"subject": name, "due": late, "repeats": "FREQ=WEEKLY"})
            for name in ("Late", "Dropped")
        ]
        made.update("task", keys[0], {"status": "done"})
        made.update("task", keys[1], {"status": "dropped"})
    [following] = open_tasks()
    assert following.due
    assert timezone.now() < following.due <= timezone.now() + timedelta(days=7)
    assert (following.due - late).days % 7 == 0


def test_a_call_repeats_once_it_has_an_outcome() -> None:
    principal = principal_of(make_user())
    with change(principal, via="test") as made:
        key = made.create("call", {"subject": "Check in", "at": AHEAD, "repeats": "FREQ=MONTHLY"})
        made.update("call", key, {"outcome": "reached", "notes": "All well"})
    following = Call.objects.get(outcome="")
    assert following.at
    assert following.at > AHEAD + timedelta(days=27)
    assert (following.subject, following.notes) == ("Check in", "")


def test_the_hour_of_the_clock_stays_when_it_changes() -> None:
    before = datetime(2027, 3, 26, 8, tzinfo=UTC)
    found = next_of("FREQ=WEEKLY", before, "Europe/Madrid", before)
    assert found == (datetime(2027, 4, 2, 7, tzinfo=UTC), "FREQ=WEEKLY")
    leap = datetime(2028, 2, 29, 8, tzinfo=UTC)
    rare = next_of("FREQ=YEARLY", leap, "UTC", leap)
    assert rare
    assert rare[0] == datetime(2032, 2, 29, 8, tzinfo=UTC)

"""Reminders: each told once and in time, by whose wish it is, and put off until a time chosen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.actions import complete_task, remind
from rapport.records.models import Notification
from rapport.records.notifications import snoozing
from rapport.records.notifications.snoozing import moment_of, tell_again
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")


@pytest.fixture
def ida(db: Any) -> User:
    return make_user("Ida")


@pytest.fixture
def web(ida: User) -> Client:
    return signed_in(ida)


def told() -> list[str]:
    return [*Notification.objects.order_by("id").values_list("text", flat=True)]


def test_it_is_told_once_and_anew_when_the_day_is_changed(ida: User) -> None:
    now = timezone.now()
    task = create("task", subject="Call Bea", due=now - timedelta(hours=2), owner=ida.pk)
    assert remind() == 1
    assert remind() == 0
    notice = Notification.objects.get(user=ida)
    assert (notice.kind, notice.url) == ("due", f"/tasks/{task}/")
    Notification.objects.update(at=now - timedelta(hours=2))
    with change(HOUSE, via="test") as made:
        made.update("task", task, {"due": now - timedelta(hours=1)})
    assert remind() == 1


def test_what_is_later_old_done_gone_or_nobodys_is_not_told(ida: User) -> None:
    now = timezone.now()
    due = now - timedelta(minutes=1)
    create("task", subject="Later", due=now + timedelta(hours=1), owner=ida.pk)
    create("task", subject="Old", due=now - timedelta(days=3), owner=ida.pk)
    create("task", subject="Done", due=due, owner=ida.pk, status="done")
    create("task", subject="Nobody's", due=due)
    create("task", subject="Unwanted", due=due, owner=ida.pk, remind="none")
    gone = create("task", subject="Gone", due=due, owner=ida.pk)
    with change(HOUSE, via="test") as made:
        made.trash("task", [gone])
    assert remind() == 0


def test_each_record_says_how_long_before_and_else_its_owner_does(web: Client, ida: User) -> None:
    now = timezone.now()
    create("meeting", subject="Fair", start=now + timedelta(minutes=14), owner=ida.pk)
    create("meeting", subject="Lunch", start=now + timedelta(minutes=25), owner=ida.pk)
    create("meeting", subject="Trip", start=now + timedelta(hours=23), owner=ida.pk, remind="d1")
    create("task", subject="Pack", due=now + timedelta(minutes=50), owner=ida.pk)
    assert remind() == 2
    assert {one.partition(": ")[2] for one in told()} == {"Fair", "Trip"}
    web.post("/notifications/choices/", {"meeting.bell": "on", "meeting.before": "30",
                                         "due.before": "60"})  # fmt: skip
    assert remind() == 2
    assert "Due soon: Pack" in told()
    assert told()[3].endswith((": Lunch", ": Pack"))


def test_a_worker_that_dies_has_told_nobody_and_the_next_one_tells_all(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() - timedelta(minutes=1)
    for subject in ("One", "Two"):
        create("task", subject=subject, due=due, owner=ida.pk)
    real, count = snoozing.tell, []

    def killed(*given: Any, **more: Any) -> Any:
        count.append(1)
        if len(count) == 2:
            raise SystemExit
        return real(*given, **more)

    module = import_module("rapport.activities.actions.remind")
    monkeypatch.setattr(module, "tell", killed)
    with pytest.raises(SystemExit):
        remind()
    assert told() == []
    monkeypatch.undo()
    assert remind() == 2
    assert sorted(told()) == ["Due now: One", "Due now: Two"]


def test_it_is_put_off_from_the_notification_and_comes_back_once(web: Client, ida: User) -> None:
    create("task", subject="Call Bea", due=timezone.now(), owner=ida.pk)
    remind()
    notice = Notification.objects.get()
    assert "In 5 minutes" in web.get("/notifications/").content.decode()
    web.post(f"/notifications/{notice.pk}/snooze/", {"until": "m5"})
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert tell_again() == 0
    Notification.objects.update(back_at=timezone.now())
    assert (tell_again(), tell_again(), remind()) == (1, 0, 0)
    assert told() == ["Due now: Call Bea", "Again: Call Bea"]
    assert web.post(f"/notifications/{notice.pk}/snooze/", {"until": "never"}).status_code == 302
    stranger = signed_in(make_user("Uma"))
    assert stranger.post(f"/notifications/{notice.pk}/snooze/", {"until": "m5"}).status_code == 404


def test_it_is_put_off_from_the_record_and_not_told_of_what_is_done_by_then(
    web: Client, ida: User
) -> None:
    task = create("task", subject="Call Bea", owner=ida.pk)
    for until in ("h1", "tomorrow"):
        assert web.post(f"/tasks/{task}/actions/snooze/", {"until": until}).status_code < 400
    assert Notification.objects.filter(back_at__isnull=False).count() == 1
    complete_task(principal_of(ida), [task], {})
    Notification.objects.update(back_at=timezone.now())
    assert tell_again() == 0


def test_a_program_puts_it_off_too(web: Client, ida: User) -> None:
    create("task", subject="Call Bea", due=timezone.now(), owner=ida.pk)
    remind()
    url = f"/api/v1/notifications/{Notification.objects.get().pk}/snooze"
    answer = web.post(url, {"until": "week"}, content_type="application/json")
    assert answer.status_code == 200
    assert web.post(url, {"until": 5}, content_type="application/json").status_code == 422


@settings(max_examples=40, deadline=None)
@given(day=st.dates(date(2024, 1, 1), date(2030, 12, 31)), zone=st.sampled_from(ZONES))
def test_nine_tomorrow_is_nine_by_his_clock_whatever_clocks_do(day: date, zone: str) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(snoozing.timezone, "now", lambda: now)
        patched.setattr(
            snoozing.timezone, "localdate", lambda timezone: now.astimezone(timezone).date()
        )
        found = moment_of("tomorrow", zone).astimezone(UTC).astimezone(ZoneInfo(zone))
    assert (found.hour, found.minute) == (9, 0)
    assert found.date() == now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)

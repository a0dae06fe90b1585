"""Meetings that repeat: real ones by the clock of their owner, changed and taken back together."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.actions import extend_series
from rapport.activities.models import Meeting, MeetingSeries
from rapport.activities.recurrence.rules import Refused, canonical, moments
from rapport.activities.recurrence.verbs import carry_over, end_series
from rapport.activities.recurrence.words import told_rule
from rapport.records.changes.undo import undo
from rapport.records.models import Link
from rapport.records.store import Rejected, change
from rapport.records.testing import create, make_sample, update

MADRID = ZoneInfo("Europe/Madrid")
ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
         "America/Santiago", "Africa/Casablanca")  # fmt: skip


@pytest.fixture
def ana(db: Any) -> User:
    ana = make_user("Ana")
    User.objects.filter(pk=ana.pk).update(timezone="Europe/Madrid")
    return User.objects.get(pk=ana.pk)


def monday() -> datetime:
    """Nine o'clock in Madrid on the next Monday."""
    day = timezone.now().astimezone(MADRID).date()
    day += timedelta(days=7 - day.weekday())
    return datetime(day.year, day.month, day.day, 9, tzinfo=MADRID)


def weekly(ana: User, rule: str = "FREQ=WEEKLY;COUNT=5", **more: Any) -> Meeting:
    start = monday()
    key = create(
        "meeting", by=principal_of(ana), subject="Stand-up", start=start.isoformat(),
        end=(start + timedelta(minutes=30)).isoformat(), repeats=rule, **more,
    )  # fmt: skip
    return Meeting.objects.get(pk=key)


def there() -> list[Meeting]:
    return [*Meeting.objects.filter(deleted_at__isnull=True).order_by("start")]


def hours(found: list[Meeting]) -> list[str]:
    return [f"{one.start.astimezone(MADRID):%a %H:%M}" for one in found if one.start]


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(date(2024, 1, 1), date(2032, 12, 31)), hour=st.integers(4, 23),
    zone=st.sampled_from(ZONES), rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SU"]),
)  # fmt: skip
def test_the_hour_of_the_clock_stays_whatever_clocks_do(
    day: date, hour: int, zone: str, rule: str
) -> None:
    clock = ZoneInfo(zone)
    first = datetime(day.year, day.month, day.day, hour, 15, tzinfo=clock)
    found = moments(rule, first, zone, first - timedelta(1), first + timedelta(days=370))
    assert {f"{one.astimezone(clock):%H:%M}" for one in found} == {f"{hour:02}:15"}
    assert len(found) >= 100


def test_an_hour_that_is_skipped_or_comes_twice_is_held_once() -> None:
    first = datetime(2026, 3, 28, 2, 30, tzinfo=MADRID)
    skipped = moments("FREQ=DAILY;COUNT=3", first, "Europe/Madrid", first - timedelta(1),
                      first + timedelta(9))  # fmt: skip
    assert [f"{one:%d %H:%M}" for one in skipped] == ["28 01:30", "29 01:30", "30 00:30"]
    first = datetime(2026, 10, 24, 2, 30, tzinfo=MADRID)
    twice = moments("FREQ=DAILY;COUNT=3", first, "Europe/Madrid", first - timedelta(1),
                    first + timedelta(9))  # fmt: skip
    assert [f"{one:%d %H:%M}" for one in twice] == ["24 00:30", "25 00:30", "26 01:30"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE", ["14", "16", "21", "23"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["14", "13", "10", "08"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["14", "25", "30", "27"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["14", "30", "31", "30"]),
        ("FREQ=YEARLY", ["14"]),
        ("FREQ=DAILY;UNTIL=20260916", ["14", "15", "16"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["14"]),
    ],
)
def test_rules_come_to_the_days_that_people_mean(rule: str, days: list[str]) -> None:
    first = datetime(2026, 9, 14, 9, tzinfo=MADRID)
    found = moments(canonical(rule), first, "Europe/Madrid", first - timedelta(1),
                    first + timedelta(300))  # fmt: skip
    assert [f"{one:%d}" for one in found][:4] == days


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=HOURLY;COUNT=3", "every now", "FREQ=DAILY;COUNT=100000",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999", "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=DAILY;UNTIL=20279999", "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;COUNT=\u0665", "FREQ=DAILY;COUNT=-1", "RRULE:RRULE:FREQ=DAILY",
    ],
)  # fmt: skip
def test_rules_that_are_none_or_too_many_are_refused_in_words(ana: User, rule: str) -> None:
    with pytest.raises(Refused):
        canonical(rule)
    answer = signed_in(ana).post(
        "/api/v1/meetings", {"subject": "A", "start": "2027-01-04T09:00:00Z", "repeats": rule},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "FREQ=WEEKLY" in answer.content.decode()


def test_a_rule_is_told_in_words() -> None:
    assert told_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "en") == (
        "every 2 weeks on Monday, Wednesday"
    )
    assert told_rule("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "en") == (
        "every month on last Friday 3 times"
    )
    assert told_rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20271231", "en") == (
        "every weekday until December 31, 2027"
    )


def test_a_form_makes_a_year_of_meetings(ana: User) -> None:
    start = monday()
    answer = signed_in(ana).post(
        "/meetings/new/",
        {
            "subject": "Stand-up", "start": f"{start:%Y-%m-%dT%H:%M}", "direction": "out",
            "end": f"{start:%Y-%m-%dT%H}:30", "repeats": "FREQ=WEEKLY", "repeats.day": ["MO", "WE"],
            "repeats.place": "", "repeats.end": "", "repeats.times": "", "status": "planned",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    found = there()
    assert 100 <= len(found) <= 106
    assert set(hours(found)) == {"Mon 09:00", "Wed 09:00"}
    assert {one.repeats for one in found} == {"FREQ=WEEKLY;BYDAY=MO,WE"}
    assert {one.owner_id for one in found} == {ana.pk}
    assert all(one.is_open for one in found)
    page = signed_in(ana).get(answer.headers["Location"]).content.decode()
    assert "every week on Monday, Wednesday" in page
    form = signed_in(ana).get(f"{answer.headers['Location']}edit/").content.decode()
    assert 'value="WE" checked' in form


def test_one_undo_takes_back_the_whole_series(ana: User) -> None:
    person = make_sample("person")
    with change(principal_of(ana), via="test") as made:
        made.create("meeting", {"subject": "A", "start": monday(), "repeats": "FREQ=DAILY;COUNT=9",
                                "attendees": [("person", person)]})  # fmt: skip
    assert len(there()) == 9
    assert Link.objects.filter(from_object="meeting", to_id=person).count() == 9
    undo(principal_of(ana), made.id, via="test")
    assert there() == []


def test_a_new_rule_counts_from_its_meeting_on_and_undo_brings_the_old_one(ana: User) -> None:
    weekly(ana)
    third = there()[2]
    with change(principal_of(ana), via="test") as made:
        made.update("meeting", third.pk, {"repeats": "FREQ=DAILY;COUNT=2"})
    assert hours(there()) == ["Mon 09:00", "Mon 09:00", "Mon 09:00", "Tue 09:00"]
    assert extend_series() == 0
    undo(principal_of(ana), made.id, via="test")
    assert hours(there()) == ["Mon 09:00"] * 5
    update("meeting", third.pk, by=principal_of(ana), repeats="")
    assert len(there()) == 3


def test_one_of_a_series_is_moved_or_removed_alone(ana: User) -> None:
    weekly(ana)
    second, third = there()[1:3]
    update("meeting", second.pk, by=principal_of(ana), subject="Other")
    with change(principal_of(ana), via="test") as made:
        made.trash("meeting", [third.pk])
    assert [one.subject for one in there()] == ["Stand-up", "Other", "Stand-up", "Stand-up"]
    assert extend_series() == 0


def test_a_series_is_changed_from_one_on_and_taken_back(ana: User) -> None:
    weekly(ana)
    third = there()[2]
    assert third.start
    update("meeting", third.pk, by=principal_of(ana), place="Room 2",
           start=(third.start + timedelta(days=1, hours=1)).isoformat(),
           end=(third.start + timedelta(days=1, hours=2)).isoformat())  # fmt: skip
    done = carry_over(principal_of(ana), [third.pk], {"which": "following"})
    assert hours(there()) == ["Mon 09:00", "Mon 09:00", "Tue 10:00", "Mon 10:00", "Mon 10:00"]
    assert [one.place for one in there()] == ["", "", "Room 2", "Room 2", "Room 2"]
    undo(principal_of(ana), done, via="test")
    assert hours(there())[3:] == ["Mon 09:00", "Mon 09:00"]


def test_a_series_is_removed_from_one_on_and_no_more_come(ana: User) -> None:
    weekly(ana, "FREQ=WEEKLY")
    done = end_series(principal_of(ana), [there()[2].pk], {"which": "following"})
    assert len(there()) == 2
    MeetingSeries.objects.update(made_until=timezone.now())
    assert extend_series() == 0
    undo(principal_of(ana), done, via="test")
    assert len(there()) > 50
    end_series(principal_of(ana), [there()[0].pk], {"which": "all"})
    assert there() == []


def test_who_may_not_remove_or_change_a_series_does_not(ana: User) -> None:
    meeting = weekly(ana)
    eve = make_user("Eve", role="read_only")
    client = signed_in(eve)
    for action in ("carry_over", "end_series"):
        answer = client.post(f"/meetings/{meeting.pk}/actions/{action}/", {"which": "all"})
        assert answer.status_code in (403, 404)
    assert len(there()) == 5


def test_days_that_come_within_a_year_are_made_at_night_once(ana: User) -> None:
    weekly(ana, "FREQ=WEEKLY")
    count = len(there())
    start = monday() + timedelta(days=200)
    late = Meeting.objects.filter(start__gt=start)
    with change(principal_of(ana), via="test"):
        late.delete()
    MeetingSeries.objects.update(made_until=start)
    assert (extend_series() > 20, extend_series()) == (True, 0)
    assert len(there()) == count
    assert set(hours(there())) == {"Mon 09:00"}


def test_rules_are_given_to_one_meeting_at_a_time(ana: User) -> None:
    keys = [create("meeting", by=principal_of(ana), subject="A", start="2027-01-04T09:00:00Z")
            for _n in range(2)]  # fmt: skip
    with pytest.raises(Rejected), change(principal_of(ana), via="test") as made:
        made.update_many("meeting", keys, {"repeats": "FREQ=DAILY;COUNT=2"})
    assert len(there()) == 2


def test_what_is_private_stays_so_in_all_of_its_series(ana: User) -> None:
    weekly(ana, private="nothing")
    assert {one.private for one in there()} == {"nothing"}


def test_a_rule_is_pasted_in_the_words_in_which_it_was_copied(ana: User) -> None:
    key = make_sample("meeting", 1)
    update("meeting", key, owner=ana.pk)
    browser = signed_in(ana)
    for rule in ("FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=-1FR", ""):
        words = told_rule(rule, "en") if rule else ""
        data = {"text": words or "\t", "column": "repeats", "query": "", "id": str(key)}
        data["query"] = "columns=subject,repeats,place"
        answer = browser.post("/meetings/paste/", data, headers={"HX-Request": "true"})
        assert (answer.status_code, Meeting.objects.get(pk=key).repeats) == (200, rule), words
    data |= {"text": "7"}
    answer = browser.post("/meetings/paste/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Write it like FREQ=WEEKLY;BYDAY=MO,WE." in answer.content.decode()


def test_series_that_a_file_lists_time_by_time_are_not_made_once_more(ana: User) -> None:
    weekly(ana, "FREQ=WEEKLY")
    later = monday() + timedelta(hours=4)
    create("meeting", owner=ana.pk, subject="Stand-up", repeats="FREQ=WEEKLY",
           start=later.isoformat())  # fmt: skip
    moved = there()[21]
    update("meeting", moved.pk, start=str(moved.start and moved.start + timedelta(days=1)))
    keys = {one.pk for one in there()}
    # As a file brings them: each with the rule, none with its series.
    with change(principal_of(ana), via="test"):
        Meeting.objects.update(series=None, series_start=None)
    MeetingSeries.objects.all().delete()
    extend_series()
    assert {one.pk for one in there()} == keys
    assert sorted(Counter(one.series for one in there()).values()) == [len(keys) // 2] * 2

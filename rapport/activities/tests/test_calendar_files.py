"""Calendar files taken in: meetings by their UID, whole series, and the same file once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from rapport.accounts.testing import make_user
from rapport.activities.models import Meeting
from rapport.kit.ids import uuid7
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.models import ImportRun, Link
from rapport.records.reading import context_for
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
FIRST = (timezone.now() + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)


def take_in(*events: str) -> ImportRun:
    bodies = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in events)
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{bodies}END:VCALENDAR\r\n")
    run = draft(HOUSE, "meeting", "calendar.ics", place)
    return run_import(run, HOUSE, context_for(HOUSE, currency="EUR", country="ES"))


def weekly(subject: str, first: datetime, rule: str = "FREQ=WEEKLY;COUNT=4", more: str = "") -> str:
    return (f"UID:a@x\r\nSUMMARY:{subject}\r\nDTSTART;TZID=Europe/Madrid:{first:%Y%m%dT%H%M%S}\r\n"
            f"DURATION:PT1H\r\nRRULE:{rule}{more}")  # fmt: skip


def standing() -> list[tuple[str, datetime]]:
    found = Meeting.objects.filter(deleted_at=None).order_by("start")
    return [(one.subject, one.start) for one in found if one.start]


def test_a_series_comes_whole_changes_with_its_file_and_goes_with_one_undo() -> None:
    third = FIRST + timedelta(days=14)
    out = f"\r\nEXDATE;TZID=Europe/Madrid:{FIRST + timedelta(days=7):%Y%m%dT%H%M%S}"
    moved = (f"UID:a@x\r\nRECURRENCE-ID;TZID=Europe/Madrid:{third:%Y%m%dT%H%M%S}\r\n"
             f"SUMMARY:Moved\r\nDTSTART:{third + timedelta(days=1):%Y%m%dT%H%M%SZ}")  # fmt: skip
    run = take_in(weekly("Jour fixe", FIRST, more=out), moved)
    assert (run.created, run.failed, run.partial) == (2, 0, 0)
    assert [subject for subject, _at in standing()] == ["Jour fixe", "Moved", "Jour fixe"]
    again = take_in(weekly("Jour fixe", FIRST, more=out), moved)
    assert (again.created, again.updated, len(standing())) == (0, 0, 3)
    take_in(weekly("Renamed", FIRST, more=out), moved)
    assert [subject for subject, _at in standing()] == ["Renamed", "Moved", "Renamed"]
    take_in(weekly("Renamed", FIRST + timedelta(hours=2), "FREQ=DAILY;COUNT=2"))
    assert [subject for subject, _at in standing()] == ["Renamed", "Renamed", "Moved"]
    fresh = take_in(weekly("Other", FIRST).replace("a@x", "b@x"))
    assert len(standing()) == 7
    assert fresh.change_set
    undo(HOUSE, fresh.change_set, via="test")
    assert len(standing()) == 3


def test_people_are_found_by_address_and_none_is_made() -> None:
    with change(HOUSE, via="test", title="") as made:
        key = made.create(
            "person",
            {
                "last_name": "Ruiz",
                "emails": [
                    {
                        "value": "ann@x.com",
                        "normalised": "ann@x.com",
                        "label": "",
                        "primary": True,
                        "status": "ok",
                    }
                ],
            },
        )
    run = take_in("UID:1\r\nSUMMARY:Visit\r\nDTSTART:20300101T090000Z\r\n"
                  "ATTENDEE:mailto:Ann@x.com\r\nATTENDEE:mailto:who@x.com")  # fmt: skip
    assert (run.created, run.partial, run.related) == (1, 1, 0)
    [meeting] = Meeting.objects.all()
    assert meeting.external_id == "1"
    assert [*Link.objects.filter(from_id=meeting.pk).values_list("to_id", flat=True)] == [key]
    assert meeting.start == datetime(2030, 1, 1, 9, tzinfo=UTC)


def test_a_meeting_is_downloaded_with_what_its_reader_may_know(client: Client) -> None:
    owner = make_user()
    client.force_login(owner)
    with change(HOUSE, via="test", title="") as made:
        key = made.create("meeting", {"subject": "Site visit", "start": FIRST, "owner": owner.pk,
                                      "notes": "<p>Bring <b>boots</b></p>"})  # fmt: skip
    page = client.get(f"/meetings/{key}/").content.decode()
    assert f"/meetings/{key}/meeting.ics" in page
    answer = client.get(f"/meetings/{key}/meeting.ics")
    assert answer["Content-Disposition"] == 'attachment; filename="site-visit.ics"'
    [event] = Calendar.from_ical(b"".join(answer)).walk("VEVENT")
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Site visit", "Bring boots")
    assert event["DTSTART"].dt == FIRST
    client.force_login(make_user("Bo Other", role="member"))
    private = {"private": "busy"}
    with change(HOUSE, via="test", title="") as made:
        made.update("meeting", key, private)
    assert client.get(f"/meetings/{key}/meeting.ics").status_code == 404

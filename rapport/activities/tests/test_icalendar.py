"""Meetings as calendar files: what programs read out of them is what was put in, and no more."""

from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar

from rapport.activities.icalendar.writing import Event, Party, write_event, write_events

NINE = datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_an_invitation_says_when_by_whose_clock_who_and_how_often() -> None:
    event = Event(
        "m1@rapport", "Site visit", NINE, NINE.replace(hour=9), "Europe/Madrid",
        organizer=Party("Ana", "ana@example.com"), sequence=3, rule="FREQ=WEEKLY;BYDAY=WE",
        attendees=[Party('Bea "B" Ruiz', "bea@example.com"), Party("None", "no address")],
    )  # fmt: skip
    written = write_event(event, "REQUEST")
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Madrid" in written
    assert b"DTSTART;TZID=Europe/Madrid:20261125T090000" in written
    file = Calendar.from_ical(written)
    [one] = file.walk("VEVENT")
    assert (file["METHOD"], one["UID"], one["SEQUENCE"]) == ("REQUEST", "m1@rapport", 3)
    assert (str(one["ORGANIZER"]), str(one["ATTENDEE"])) == (
        "mailto:ana@example.com", "mailto:bea@example.com",
    )  # fmt: skip
    assert one["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=WE"
    [off] = Calendar.from_ical(write_event(event, "CANCEL")).walk("VEVENT")
    assert (off["UID"], off["STATUS"]) == ("m1@rapport", "CANCELLED")


def test_text_can_not_add_lines_of_its_own() -> None:
    evil = "Visit\r\nATTENDEE:mailto:x@example.com\rEND:VEVENT\u2028BEGIN:VALARM\x00"
    event = Event(
        evil, evil, NINE, place=evil, notes=evil, organizer=Party(evil, "ana@example.com"),
        attendees=[Party("Bea", "bea@example.com\r\nX-EVIL:1")],
    )  # fmt: skip
    lines = write_events([event], name=evil).replace(b"\r\n ", b"").split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTENDEE", b"X-EVIL"))]
    assert lines.count(b"END:VEVENT") == lines.count(b"BEGIN:VEVENT") == 1
    assert b"BEGIN:VALARM" not in lines
    assert all(b"\r" not in line and b"\n" not in line for line in lines)


def test_a_meeting_without_end_in_an_unknown_zone_is_written_in_utc() -> None:
    written = write_event(Event("a", "Visit", NINE, zone="Mars/Olympus"))
    assert b"DTSTART:20261125T080000Z\r\nDTEND:20261125T090000Z" in written

"""Booking pages: free times, booking, moving and cancelling by strangers."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import Absence, User, Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.actions.tell_bookings import tell_of_booking
from rapport.activities.booking.free import asked_of, free_times
from rapport.activities.booking.picking import MOMENT
from rapport.activities.models import BookedHost, Booking, BookingPage, Meeting
from rapport.contacts.models import Lead, Person
from rapport.records.store import change
from rapport.records.testing import HOUSE

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
#: A Monday.
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TYPED = {"name": "Ada Byron", "email": "Ada@Example.com", "phone": "", "website": ""}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def host(name: str = "Ida Brandt", zone: str = BERLIN) -> User:
    user = make_user(name)
    User.objects.filter(pk=user.pk).update(timezone=zone)
    user.refresh_from_db()
    return user


def page_with(*hosts: User, **values: Any) -> BookingPage:
    given = {
        "name": "First call", "slug": "first-call", "lengths": ["60"], "step": "60", "notice": 0,
        "hosts": [{"user": one.pk} for one in hosts], "days_ahead": 365, **values,
    }  # fmt: skip
    with change(HOUSE, via="test") as made:
        key = made.create("booking_page", given)
    return BookingPage.objects.get(pk=key)


def meet(owner: User, start: datetime, hours: float = 1, **values: Any) -> None:
    end = start + timedelta(hours=hours)
    with change(HOUSE, via="test") as made:
        made.create(
            "meeting",
            {"subject": "Taken", "start": start, "end": end, "owner": owner.pk, **values},
        )


def times(page: BookingPage, day: date, minutes: int = 60) -> list[str]:
    asked = asked_of(page, minutes)
    return [f"{at.astimezone(asked.zone):%H:%M}" for at in free_times(asked, day, day)]


def book(page: BookingPage, at: datetime, **typed: str) -> Any:
    sent = {**TYPED, "at": at.strftime(MOMENT), "minutes": page.lengths[0], **typed}
    return Client().post(f"/book/{page.slug}/", sent)


TUESDAY = date(2026, 3, 3)
AT_TEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_meetings_absences_and_pauses_are_not_offered() -> None:
    ida = host()
    page = page_with(ida)
    assert times(page, TUESDAY) == [f"{n:02}:00" for n in range(9, 17)]
    meet(ida, AT_TEN, private="hidden")
    assert times(page, TUESDAY) == ["09:00", *(f"{n}:00" for n in range(11, 17))]
    with change(HOUSE, via="test") as made:
        made.update("booking_page", page.pk, {"buffer_before": 10, "buffer_after": 20})
    page.refresh_from_db()
    assert times(page, TUESDAY) == ["12:00", "13:00", "14:00", "15:00", "16:00"]
    Absence.objects.create(user=ida, first_day=TUESDAY, last_day=TUESDAY)
    assert times(page, TUESDAY) == []
    assert times(page, date(2026, 3, 7)) == []


@pytest.mark.django_db
def test_hours_notice_and_the_end_of_what_can_be_booked_are_kept() -> None:
    page = page_with(
        host(), notice=26, days_ahead=2, hours=[{"day": "2", "hours": "9-12"}], mode="all"
    )
    assert times(page, TUESDAY) == ["11:00"]
    assert times(page, date(2026, 3, 4)) == []
    assert times(page, date(2026, 3, 10)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (BERLIN, date(2026, 3, 29), ["01:00", "03:00", "04:00"]),
        (BERLIN, date(2026, 10, 25), ["01:00", "02:00", "02:00", "03:00", "04:00"]),
        (NEW_YORK, date(2026, 3, 8), ["01:00", "03:00", "04:00"]),
        (NEW_YORK, date(2026, 11, 1), ["01:00", "01:00", "02:00", "03:00", "04:00"]),
    ],
)
def test_a_clock_that_is_changed_loses_or_repeats_an_hour(
    zone: str, day: date, expected: list[str]
) -> None:
    page = page_with(host(zone=zone), hours=[{"day": "7", "hours": "1-5"}])
    found = list(free_times(asked_of(page, 60), day, day))
    assert [f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in found] == expected
    assert all(b - a == timedelta(hours=1) for a, b in pairwise(found))


@pytest.mark.django_db
def test_all_together_meet_when_everybody_has_time() -> None:
    ida, jon = host(), host("Jon Reyes")
    page = page_with(ida, jon, mode="all")
    meet(ida, AT_TEN)
    meet(jon, AT_TEN + timedelta(hours=1))
    assert times(page, TUESDAY)[:2] == ["09:00", "12:00"]
    book(page, AT_TEN - timedelta(hours=1))
    assert set(BookedHost.objects.values_list("user_id", flat=True)) == {ida.pk, jon.pk}
    # Whoever does not own the meeting is taken by it too.
    assert times(page_with(jon, slug="jon"), TUESDAY)[0] == "10:00"


@pytest.mark.django_db
def test_turns_go_to_whoever_has_fewest_and_no_more_than_allowed_a_day() -> None:
    ida, jon = host(), host("Jon Reyes")
    page = page_with(ida, jon, mode="turns", most_a_day=1)
    for number in range(2):
        at = AT_TEN + timedelta(hours=number)
        assert book(page, at, email=f"v{number}@example.com").status_code == 302
    assert list(Meeting.objects.order_by("start").values_list("owner", flat=True)) == [
        ida.pk, jon.pk,
    ]  # fmt: skip
    assert times(page, TUESDAY) == []
    assert "Jon" not in Client().get("/book/first-call/").content.decode()


@pytest.mark.django_db
def test_booking_finds_the_person_and_changes_nothing_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ida = host()
    page = page_with(
        ida, makes_lead=True, source="Web", consent="You may keep it.",
        questions=[{"text": "What about?", "is_required": True}],
    )  # fmt: skip
    with change(HOUSE, via="test") as made:
        known = made.create(
            "person", {"last_name": "Lovelace", "emails": [
                {"value": "ada@example.com", "normalised": "ada@example.com", "label": "",
                 "primary": True, "status": "ok"}]},
        )  # fmt: skip
    assert book(page, AT_TEN).status_code == 422
    shown = Client().get(f"/book/first-call/?at={AT_TEN.strftime(MOMENT)}").content.decode()
    question = re.findall(r'name="(q\.[^"]+)"', shown)[0]
    answered = book(page, AT_TEN, consent="yes", **{question: "<b>Tea</b>"})
    assert answered.status_code == 302
    assert [(one.pk, one.last_name) for one in Person.objects.all()] == [(known, "Lovelace")]
    meeting = Meeting.objects.get()
    assert (meeting.owner, meeting.start, meeting.direction) == (ida, AT_TEN, "in")
    assert "&lt;b&gt;Tea" in meeting.notes
    assert "You may keep it." in meeting.notes
    assert Lead.objects.get().source == "Web"
    monkeypatch.undo()
    history = signed_in(ida).get(f"/meetings/{meeting.pk}/history/").content.decode()
    assert "What about?" in history


@pytest.mark.django_db
def test_a_robot_a_stranger_without_name_and_a_taken_time_are_refused() -> None:
    page = page_with(host())
    assert book(page, AT_TEN, website="x").status_code == 422
    refused = book(page, AT_TEN, name="", email="no")
    assert refused.status_code == 422
    assert 'value="no"' in refused.content.decode()
    assert book(page, AT_TEN).status_code == 302
    assert "not free any more" in book(page, AT_TEN).content.decode()
    assert book(page, AT_TEN + timedelta(minutes=7)).status_code == 422
    assert Meeting.objects.count() == 1
    assert [book(page, AT_TEN).status_code for _time in range(2)] == [422, 429]


@pytest.mark.django_db
def test_a_page_that_is_closed_is_like_none() -> None:
    page_with(host(), is_active=False)
    closed, missing = Client().get("/book/first-call/"), Client().get("/book/none/")
    assert closed.status_code == missing.status_code == 404
    assert closed.content.split(b"<main")[1] == missing.content.split(b"<main")[1]


@pytest.mark.django_db
def test_the_link_moves_and_cancels_by_sending_only_until_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = page_with(host())
    link = book(page, AT_TEN).headers["Location"]
    visitor, secret = Client(), link.split("/")[2]
    assert not Booking.objects.filter(digest__contains=secret).exists()
    assert secret not in Booking.objects.get().sealed
    shown = visitor.get(link).content.decode()
    assert link in shown
    assert "mail is not set up" in shown
    later = AT_TEN + timedelta(hours=2)
    for address in (f"{link}?move=1&at={later.strftime(MOMENT)}", f"{link}meeting.ics"):
        assert visitor.get(address).status_code == 200
    assert visitor.get(f"{link}cancel/").status_code == 405
    assert Meeting.objects.get().start == AT_TEN
    visitor.post(f"{link}move/", {"at": later.strftime(MOMENT)})
    assert Meeting.objects.get().start == later
    visitor.post(f"{link}cancel/", {"reason": "Ill"})
    meeting = Meeting.objects.get()
    assert meeting.status == "cancelled"
    assert "Ill" in meeting.notes
    assert visitor.post(f"{link}cancel/").status_code == 422
    assert b"METHOD:CANCEL" in visitor.get(f"{link}meeting.ics").content
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(hours=2))
    assert visitor.get(link).status_code == 410
    assert visitor.get("/booking/guessed/").status_code == 404


@pytest.mark.django_db
def test_visitor_and_host_hear_of_each_change_once_whoever_makes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str, str, bytes]] = []

    def send(_house: Any, to: str, subject: str, _text: str, *, calendar: bytes = b"") -> str:
        sent.append((to, subject, calendar))
        return "250"

    monkeypatch.setattr("rapport.activities.booking.letters.send_mail", send)
    Workspace.objects.update(mail_host="mail.example.com", mail_from="crm@nordwind.example")
    book(page_with(host()), AT_TEN)
    booking = Booking.objects.get()
    assert tell_of_booking(booking.pk)
    assert not tell_of_booking(booking.pk)
    assert [to for to, *_ in sent] == ["Ada@Example.com", "ida.brandt@nordwind.example"]
    assert b"METHOD:REQUEST" in sent[0][2]
    assert b"SEQUENCE:0" in sent[0][2]
    # A colleague cancels, and takes it back.
    for number, (status, word) in enumerate((("cancelled", b"CANCEL"), ("planned", b"REQUEST"))):
        with change(HOUSE, via="test") as made:
            made.update("meeting", booking.meeting_id, {"status": status})
        assert tell_of_booking(booking.pk)
        assert b"METHOD:" + word in sent[-2][2]
        assert f"SEQUENCE:{number + 1}".encode() in sent[-2][2]
    uids = {re.search(rb"UID:(\S+)", file)[0] for *_, file in sent}  # type: ignore[index]
    assert len(uids) == 1


@pytest.mark.django_db
def test_whoever_may_see_the_page_lists_what_was_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    ida = host()
    page = page_with(ida)
    book(page, AT_TEN)
    monkeypatch.undo()
    answer = signed_in(ida).get(f"/api/v1/booking-pages/{page.pk}/bookings")
    assert [one["subject"] for one in answer.json()["data"]] == ["First call: Ada Byron"]
    shown = signed_in(ida).get(f"/booking-pages/{page.pk}/").content.decode()
    assert "/book/first-call/" in shown


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_get_the_same_time() -> None:
    page = page_with(host())

    def one(number: int) -> int:
        try:
            return int(book(page, AT_TEN, email=f"v{number}@example.com").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(one, range(4)))
    assert answers == [302, 422, 422, 422]
    assert Meeting.objects.count() == 1

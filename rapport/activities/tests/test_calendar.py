"""The calendar of a person and his colleagues."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.calendar import views
from rapport.activities.models import BookedHost, Booking, Call, Meeting
from rapport.records import registry
from rapport.records.store import change

pytestmark = pytest.mark.django_db
WEEK = "/calendar/?range=week&day=2026-11-25"


@pytest.fixture
def ana() -> User:
    user = make_user("Ana Ruiz")
    User.objects.filter(pk=user.pk).update(timezone="Europe/Berlin")
    return User.objects.get(pk=user.pk)


def create(by: User, object_: str = "meeting", **values: Any) -> UUID:
    with change(principal_of(by), via="test") as made:
        return made.create(object_, values)


def meeting(by: User, start: str = "2026-11-25T09:00:00Z", minutes: int = 60, **more: Any) -> UUID:
    begins = datetime.fromisoformat(start)
    end = datetime.fromtimestamp(begins.timestamp() + minutes * 60, UTC)
    values: dict[str, Any] = {"subject": "Site visit", "start": begins, "end": end, **more}
    return create(by, **values)


def shown(client: Client, address: str = WEEK) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def day_of(page: str, day: str) -> str:
    return page.split(f'data-day="{day}"')[1].split("</section>")[0]


def move(client: Client, key: UUID, **sent: Any) -> Any:
    return client.post("/meetings/calendar/move/", {"record": str(key), **sent})


def test_what_is_planned_stands_in_the_hours_of_ones_own_zone(ana: User) -> None:
    meeting(ana)
    create(ana, "task", subject="Send the offer", due="2026-11-25T12:30:00Z")
    create(ana, "call", subject="Order call", at="2026-11-26T08:15:00Z", direction="out")
    meeting(ana, subject="Called off", status="cancelled")
    page = shown(signed_in(ana))
    wednesday = day_of(page, "2026-11-25")
    assert "Site visit" in wednesday
    assert "h-10 q-0 l-1 m-0" in wednesday, "an hour east of UTC"
    assert "Send the offer" in wednesday
    assert "h-13 q-2" in wednesday
    assert "Order call" in day_of(page, "2026-11-26")
    assert "Called off" not in page


@pytest.mark.parametrize(("hour", "lines"), [(1, 0), (9, 1), (22, 0)])
def test_the_line_of_now_stands_only_in_hours_that_are_shown(
    ana: User, monkeypatch: pytest.MonkeyPatch, hour: int, lines: int
) -> None:
    now = datetime(2026, 11, 25, hour, 20, tzinfo=UTC)
    monkeypatch.setattr(views, "timezone", SimpleNamespace(now=lambda: now))
    page = shown(signed_in(ana))
    assert page.count('class="now ') == lines, "else it pushes the day down, entries and all"


def test_what_lasts_days_stands_above_the_hours_of_each(ana: User) -> None:
    meeting(ana, "2026-11-24T23:00:00Z", 2 * 24 * 60, subject="Trade fair")
    page = shown(signed_in(ana))
    above = page[page.index('class="wk-l"') : page.index('class="wk-b"')]
    assert above.count("Trade fair</b>") == 2


@pytest.mark.parametrize("range_", ["day", "week", "month", "agenda", "team", "nonsense"])
def test_each_range_shows_it(ana: User, range_: str) -> None:
    meeting(ana)
    assert "Site visit" in shown(signed_in(ana), f"/calendar/?range={range_}&day=2026-11-25")


def test_colleagues_stand_beside_me_and_what_they_keep_private_is_busy(ana: User) -> None:
    ben = make_user("Ben Ode")
    meeting(ben, subject="Open talk")
    meeting(ben, "2026-11-25T13:00:00Z", subject="Merger", private="metadata")
    meeting(ben, "2026-11-25T15:00:00Z", subject="Secret", private="nothing")
    client = signed_in(ana)
    assert "Open talk" not in shown(client), "mine alone, unless I ask"
    for address in (f"{WEEK}&who={ben.pk}", "/calendar/?range=team&day=2026-11-25"):
        page = shown(client, address)
        assert "Open talk" in page
        assert "Busy" in page
        assert "Private to Ben Ode" in page
        assert "Merger" not in page
        assert "Secret" not in page
    assert 'data-who="' in page


def test_who_reaches_only_his_own_is_offered_nobody(ana: User) -> None:
    ben = make_user("Ben Ode")
    meeting(ben, subject="Open talk")
    Role.objects.get(key="member").grants.update(view_scope="own", edit_scope="own")
    narrow = make_user("Nia Narrow", "member")
    assert "Open talk" not in shown(signed_in(narrow), f"{WEEK}&who={ben.pk}")


@pytest.mark.django_db(transaction=True)
def test_a_move_keeps_the_length_and_can_be_undone(ana: User) -> None:
    key, client = meeting(ana), signed_in(ana)
    answer = client.post(
        "/meetings/calendar/move/", {"record": str(key), "start": "2026-11-26T14:30"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "calendar-moved" in answer.headers["HX-Trigger"]
    moved = Meeting.objects.get(pk=key)
    assert (moved.start, moved.end) == (
        datetime(2026, 11, 26, 13, 30, tzinfo=UTC), datetime(2026, 11, 26, 14, 30, tzinfo=UTC),
    )  # fmt: skip
    (undo,) = re.findall(r"/undo/[0-9a-f-]+/", answer.headers["HX-Trigger"])
    client.post(undo)
    assert Meeting.objects.get(pk=key).start == datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "begins", "ends"),
    [
        ("2026-03-29T02:30", "01:30", "02:30"),  # skipped: it goes on as 03:30
        ("2026-03-29T01:30", "00:30", "01:30"),  # an hour of time, though clocks show two
        ("2026-10-25T02:30", "00:30", "01:30"),  # twice: the first time
    ],
)
def test_a_move_to_a_day_on_which_the_clock_changes(
    ana: User, start: str, begins: str, ends: str
) -> None:
    key = meeting(ana)
    move(signed_in(ana), key, start=start)
    moved = Meeting.objects.get(pk=key)
    assert moved.end
    assert (f"{moved.start:%H:%M}", f"{moved.end:%H:%M}") == (begins, ends)


def test_another_length_is_kept_where_the_kind_keeps_it(ana: User) -> None:
    client, key = signed_in(ana), meeting(ana)
    move(client, key, start="2026-11-25T10:00", minutes="90")
    assert Meeting.objects.get(pk=key).end == datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
    call = create(ana, "call", at="2026-11-25T09:00:00Z", direction="out")
    sent = {"record": str(call), "start": "2026-11-25T11:00", "minutes": "45"}
    client.post("/calls/calendar/move/", sent)
    found = Call.objects.get(pk=call)
    assert found.duration
    assert found.duration.total_seconds() == 45 * 60


@pytest.mark.parametrize("start", ["", "soon", "2026-13-40T99:99", "0001-01-01T00:00"])
def test_a_time_that_is_none_is_asked_for_again(ana: User, start: str) -> None:
    key = meeting(ana)
    answer = move(signed_in(ana), key, start=start)
    assert answer.status_code == 422
    assert "Say the day and the time" in answer.content.decode()
    assert Meeting.objects.get(pk=key).start == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_what_changed_meanwhile_is_not_overwritten(ana: User) -> None:
    key, client = meeting(ana), signed_in(ana)
    version = Meeting.objects.get(pk=key).version
    move(client, key, start="2026-11-26T10:00", version=version)
    assert move(client, key, start="2026-11-27T10:00", version=version).status_code == 409


def test_without_script_a_form_moves_it(ana: User) -> None:
    key, client = meeting(ana), signed_in(ana)
    form = shown(client, f"/meetings/calendar/move/?record={key}&next=/calendar/")
    assert 'value="2026-11-25T10:00"' in form
    assert 'value="60"' in form
    answer = move(client, key, start="2026-11-26T10:00", next="/calendar/")
    assert answer.headers["Location"] == "/calendar/"
    away = move(client, key, start="2026-11-26T10:00", next="https://elsewhere.example/")
    assert away.headers["Location"] == "/"


def test_an_empty_hour_makes_a_meeting_with_its_times_filled(ana: User) -> None:
    page = shown(signed_in(ana))
    query = "start=2026-11-25T10%3A00&amp;end=2026-11-25T11%3A00"
    assert f"/meetings/quick/?{query}" in day_of(page, "2026-11-25")
    form = shown(signed_in(ana), f"/meetings/new/?{query.replace('&amp;', '&')}")
    assert 'value="2026-11-25T10:00"' in form
    assert 'value="2026-11-25T11:00"' in form


def test_the_list_of_any_object_has_hours_too(ana: User) -> None:
    meeting(ana)
    meeting(ana, "2026-11-26T09:00:00Z", subject="Other")
    client = signed_in(ana)
    page = shown(client, "/meetings/calendar/?_range=week&_day=2026-11-25&subject.contains=Site")
    assert "Site visit" in day_of(page, "2026-11-25")
    assert "Other" not in page
    assert registry.get("task").calendar
    assert shown(client, "/tasks/calendar/?_range=day&_day=2026-11-25")


def test_a_kind_takes_as_many_statements_for_many_as_for_one(
    ana: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(ana)
    for _n in range(12):
        meeting(ana)
    shown(client)
    with django_assert_max_num_queries(22):
        shown(client)


def test_a_meeting_of_several_hosts_stands_with_each_of_them(ana: User) -> None:
    bo, rui = make_user("Bo Berg"), make_user("Rui Reis", "member")
    seen, hidden = meeting(bo, subject="Two hosts"), meeting(bo, "2026-11-25T13:00:00Z")
    person = create(bo, "person", last_name="Visitor")
    page = create(bo, "booking_page", name="Call", slug="call", lengths=["60"], step="60",
                  hosts=[{"user": bo.pk}])  # fmt: skip
    for number, (key, hosts) in enumerate({seen: (bo, ana), hidden: (bo, rui)}.items()):
        booking = Booking.objects.create(
            page_id=page, meeting_id=key, person_id=person, digest=str(number), name="Visitor",
            email="v@example.com", language="en", timezone="UTC", sealed="",
        )  # fmt: skip
        for place, one in enumerate(hosts):
            BookedHost.objects.create(booking=booking, user=one, position=place)
    assert day_of(shown(signed_in(ana)), "2026-11-25").count("Two hosts") == 1
    both = day_of(shown(signed_in(ana), f"{WEEK}&who={bo.pk}"), "2026-11-25")
    assert both.count("Two hosts</b>") == 2
    Role.objects.get(key="member").grants.update(view_scope="own", edit_scope="own")
    of_rui = day_of(shown(signed_in(rui)), "2026-11-25")
    assert "Booked with several hosts" in of_rui
    assert "Site visit" not in of_rui

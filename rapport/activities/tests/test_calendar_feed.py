"""One's calendar for other programs: by an address that nobody guesses and that can be closed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import CalendarFeed
from rapport.records.testing import create, update

pytestmark = pytest.mark.django_db
PAGE = "/account/calendar/"


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz", "member")


def opened(user: User) -> str:
    page = signed_in(user).post(PAGE, {"do": "open"}).content.decode()
    found = re.search(r"/calendar/feed/[^\"]+\.ics", page)
    assert found
    return found[0]


def events(address: str) -> dict[str, str]:
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(one["SUMMARY"]): str(one["STATUS"]) for one in found}


def test_a_program_reads_what_is_mine_and_follows_what_changes(ana: User) -> None:
    soon = timezone.now() + timedelta(days=1)
    mine = create("meeting", subject="Visit", owner=ana.pk, start=soon.isoformat())
    create("meeting", subject="Theirs", owner=make_user().pk, start=soon.isoformat())
    far = soon + timedelta(days=500)
    create("meeting", subject="Far", owner=ana.pk, start=far.isoformat())
    create("task", subject="Write", owner=ana.pk, due=soon.isoformat())
    address = opened(ana)
    assert events(address) == {"Visit": "CONFIRMED"}
    assert events(f"{address}?tasks=1").keys() == {"Visit", "☐ Write"}
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    update("meeting", mine, status="cancelled")
    assert events(address) == {"Visit": "CANCELLED"}
    assert CalendarFeed.objects.get().read_at


def test_the_address_ends_when_it_is_closed_renewed_or_its_owner_leaves(ana: User) -> None:
    first = opened(ana)
    second = opened(ana)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    ana.is_active = False
    ana.save()
    assert Client().get(second).status_code == 404
    ana.is_active = True
    ana.save()
    assert signed_in(ana).post(PAGE, {"do": "close"}).status_code == 302
    assert Client().get(second).status_code == 404
    told = SecurityEvent.objects.filter(user=ana, kind__startswith="feed_").order_by("id")
    kinds = list(told.values_list("kind", flat=True))
    assert kinds == ["feed_opened", "feed_opened", "feed_closed"]


def test_only_a_digest_of_the_address_is_kept(ana: User) -> None:
    secret = opened(ana).split("/")[-1].removesuffix(".ics")
    assert secret not in str(list(CalendarFeed.objects.values()))


def test_who_guesses_is_slowed_down_and_the_page_is_ones_own(ana: User) -> None:
    answers = [Client().get(f"/calendar/feed/guess{n}.ics").status_code for n in range(60)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert Client().get(PAGE).status_code == 302
    assert signed_in(ana).post(PAGE, {"do": "sell"}).status_code == 422
    assert "There is no address yet" in signed_in(ana).get(PAGE).content.decode()

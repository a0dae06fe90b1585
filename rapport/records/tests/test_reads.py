"""Who read what: sensitive fields shown and records taken out are noted, for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.kinds.base import SENSITIVE, Privacy
from rapport.records.models import Reading
from rapport.records.reads import sensitive
from rapport.records.reads.keeping import forget_reads
from rapport.records.sample.rooms.records import Rooms
from rapport.records.tests.api import Program
from rapport.records.tests.rooms import edit, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sensitive_seats() -> Iterator[None]:
    """Let the seats of a room be sensitive."""
    kind = Rooms.fields["seats"]
    before, kind.privacy = kind.privacy, Privacy(SENSITIVE)
    sensitive._sensitive.cache_clear()
    yield
    kind.privacy = before
    sensitive._sensitive.cache_clear()


@pytest.fixture
def ida() -> User:
    return make_user()


@pytest.fixture
def web(ida: User) -> Client:
    return signed_in(ida)


def noted() -> list[tuple[str, list[str], list[UUID]]]:
    rows = Reading.objects.order_by("id")
    return [(one.through, one.fields, one.records) for one in rows]


def test_each_page_that_shows_a_sensitive_value_is_noted_once(web: Client, ida: User) -> None:
    room, made = make(seats=4)
    edit(room, seats=5)
    pages = {
        "record": f"/rooms/{room.pk}/",
        "list": "/rooms/?columns=name,seats",
        "edit": f"/rooms/{room.pk}/edit/",
        "cell": f"/rooms/{room.pk}/cells/seats/",
        "record_history": f"/rooms/{room.pk}/history/",
        "change_set": f"/history/{made}/",
    }
    for name, url in pages.items():
        before = Reading.objects.count()
        by_script = {"HX-Request": "true"} if name == "cell" else {}
        assert web.get(url, headers=by_script).status_code == 200
        told = noted()[before:]
        assert (name, ["seats"], [room.pk]) in told, name
    assert set(Reading.objects.values_list("user_id", flat=True)) == {ida.pk}
    past = f"/rooms/{room.pk}/?at=2999-01-01"
    before = Reading.objects.count()
    assert web.get(past).status_code == 422
    assert Reading.objects.count() == before


def test_a_program_is_noted_as_such(ida: User) -> None:
    room, _made = make(seats=4)
    asks = Program(ida)
    asks.get("/rooms?columns=name,seats")
    asks.get(f"/rooms/{room.pk}")
    asks.get(f"/rooms/{room.pk}/history")
    assert noted() == [("api", ["seats"], [room.pk])] * 3


def test_what_is_not_shown_costs_nothing(web: Client) -> None:
    empty, _made = make(seats=None)
    web.get("/rooms/?columns=name")
    with CaptureQueriesContext(connection) as asked:
        web.get(f"/rooms/{empty.pk}/")
    assert not any("records_reading" in one["sql"] for one in asked)
    assert noted() == []


def test_owners_and_managers_see_who_read_what(web: Client, ida: User) -> None:
    room, _made = make(name="The quiet room", seats=4)
    web.get(f"/rooms/{room.pk}/")
    assert b"".join(web.get("/rooms/export/?columns=name"))
    shown = web.get("/history/reads/").content.decode()
    assert "The quiet room" in shown
    assert "took out" in shown
    assert "was shown" in web.get(f"/history/reads/?record={room.pk}").content.decode()
    assert "took out:" not in web.get("/history/reads/?through=shown").content.decode()
    assert "was shown:" not in web.get("/history/reads/?until=2001-01-01").content.decode()
    for odd in ("user=x", "since=0001-01-01", "until=9999-12-31", "after=1", "object=%00"):
        assert web.get(f"/history/reads/?{odd}").status_code == 200
    told = Program(ida).get("/reads?through=export").json()["data"]
    assert [(one["object"], one["rows"], one["fields"]) for one in told] == [("room", 1, ["name"])]
    member = make_user("Mo Member", "member")
    assert signed_in(member).get("/history/reads/").status_code == 403
    assert Program(member).get("/reads").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_old_entries_go_and_others_stay(web: Client, owner_database_url: str) -> None:
    room, _made = make(seats=4)
    web.get(f"/rooms/{room.pk}/")
    with psycopg.connect(owner_database_url, autocommit=True) as owner:
        owner.execute("UPDATE records_reading SET at = now() - interval '800 days'")
    web.get(f"/rooms/{room.pk}/")
    assert forget_reads(timedelta(days=730)) == 1
    assert Reading.objects.count() == 1

"""A record as it was: rebuilt from the log, read only, and no more than the reader may read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.kit.ids import uuid7
from rapport.records.changes.past import record_at
from rapport.records.changes.undo import undo
from rapport.records.models import Change
from rapport.records.sample.rooms.records import Rooms
from rapport.records.store import change
from rapport.records.tests.api import Program
from rapport.records.tests.rooms import HOUSE, edit, make, trash

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now().replace(microsecond=0)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def date_back(url: str, change_set: Any, days: float) -> None:
    """Let a change have been made so many days ago."""
    with psycopg.connect(url, autocommit=True) as owner:
        for table, key in (("records_change", "change_set"), ("records_changeset", "id")):
            owner.execute(f"UPDATE {table} SET at = %s WHERE {key} = %s", [ago(days), change_set])


def was(key: Any, days: float) -> dict[str, Any] | None:
    past = record_at(HOUSE, Rooms, key, ago(days))
    return past.values if past else None


def test_a_record_is_told_as_it_was_on_each_day(owner_database_url: str) -> None:
    url = owner_database_url
    tower, _set = make(name="Tower")
    room, made = make(name="First", seats=1, neighbours=[("room", tower.pk)], demand=4)
    date_back(url, made, 9)
    date_back(url, edit(room, name="Second", seats=None, neighbours=[], demand=5), 6)
    date_back(url, edit(room, seats=3, equipment=["screen"], parent=tower.pk), 3)
    assert was(room.pk, 10) is None
    first, second, third = was(room.pk, 8), was(room.pk, 5), was(room.pk, 1)
    assert first
    assert second
    assert third
    told = [(one["name"], one["seats"], one["demand"]) for one in (first, second, third)]
    assert told == [("First", 1, 4), ("Second", None, 5), ("Second", 3, 5)]
    assert [one["neighbours"] for one in (first, second)] == [[("room", tower.pk)], []]
    assert [one["equipment"] for one in (second, third)] == [[], ["screen"]]
    assert [one["parent"] for one in (second, third)] == [None, tower.pk]


def test_what_was_dropped_and_came_back_was_not_there_between(owner_database_url: str) -> None:
    url = owner_database_url
    tower, _set = make(name="Tower")
    room, made = make(neighbours=[("room", tower.pk)])
    date_back(url, made, 9)
    dropped = edit(room, neighbours=[])
    back, _result = undo(HOUSE, dropped, via="test")
    date_back(url, dropped, 6)
    date_back(url, back, 3)
    there = [was(room.pk, days) for days in (8, 5, 1)]
    assert [bool(one and one["neighbours"]) for one in there] == [True, False, True]


def test_the_trash_of_that_day_is_told(owner_database_url: str) -> None:
    room, made = make()
    date_back(owner_database_url, made, 9)
    date_back(owner_database_url, trash(room), 5)
    now, then = record_at(HOUSE, Rooms, room.pk, NOW), record_at(HOUSE, Rooms, room.pk, ago(6))
    assert (now and now.is_trashed, then and then.is_trashed) == (True, False)


def test_the_page_of_the_past_shows_it_plainly_and_changes_nothing(
    owner_database_url: str,
) -> None:
    web: Client = signed_in(make_user())
    room, made = make(name="Once upon a time", seats=4711)
    date_back(owner_database_url, made, 9)
    edit(room, name="Nowadays", seats=12)
    before = Change.objects.count()
    shown = web.get(f"/rooms/{room.pk}/?at={ago(5):%Y-%m-%d}").content.decode()
    assert "Once upon a time" in shown
    assert "4,711" in shown
    assert "This is the past" in shown
    assert f"/rooms/{room.pk}/cells/" not in shown
    assert f"/rooms/{room.pk}/edit/" not in shown
    assert "It did not exist yet" in web.get(f"/rooms/{room.pk}/?at=2001-01-01").content.decode()
    assert Change.objects.count() == before
    assert 'name="at"' in web.get(f"/rooms/{room.pk}/history/").content.decode()


ODD = ["", "yesterday", "2999-01-01", "0001-01-01T00:00+14:00", "9999-12-31", "2026-02-30",
       "1' OR '1'='1", "2026-11-01\x00", "１２３４-01-01"]  # fmt: skip


def test_a_forged_moment_is_refused_or_before_all_time() -> None:
    web = signed_in(make_user())
    room, _made = make(seats=4711)
    for at in ODD:
        answer = web.get(f"/rooms/{room.pk}/", {"at": at})
        assert answer.status_code in (200, 422), at
        assert "4,711" not in answer.content.decode(), at


def test_the_past_is_for_those_who_see_the_record_today() -> None:
    room, _made = make(seats=1)
    stranger = signed_in(make_user("Rae Only", "read_only"))
    assert stranger.get(f"/rooms/{uuid7()}/?at=2026-01-01").status_code == 404
    assert stranger.get(f"/rooms/{room.pk}/?at=2026-01-01").status_code == 200
    assert Client().get(f"/rooms/{room.pk}/?at=2026-01-01").status_code in (302, 401)


def test_a_program_asks_for_the_past_too(owner_database_url: str) -> None:
    room, made = make(name="Once", seats=1)
    date_back(owner_database_url, made, 9)
    with change(HOUSE, via="test") as editing:
        editing.update("room", room.pk, {"name": "Now", "seats": 2})
    ask = Program(make_user())
    then = ask.get(f"/rooms/{room.pk}?at={ago(5):%Y-%m-%d}").json()
    assert (then["name"], then["seats"], then["in_trash"]) == ("Once", 1, False)
    few = ask.get(f"/rooms/{room.pk}?at={ago(5):%Y-%m-%d}&columns=seats").json()
    assert "name" not in few
    assert ask.get(f"/rooms/{room.pk}?at=2001-01-01").status_code == 404
    assert ask.get(f"/rooms/{room.pk}?at=tomorrow").status_code == 422

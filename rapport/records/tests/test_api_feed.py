"""The change feed: each change once and none lost, in whatever order writers commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import permutations
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Value

from rapport.accounts.actions import create_team
from rapport.accounts.testing import make_user
from rapport.records.changes import feed
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program, program
from rapport.records.tests.rollups import until_closed
from rapport.records.tests.rooms import edit, make, trash


class Writer:
    """A connection of its own, whose transaction is opened and closed on order."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.stack = ExitStack()

    def write(self, name: str) -> None:
        """Begin a transaction and write a room in it."""
        self._do(lambda: self._write(name))

    def commit(self) -> None:
        self._do(self.stack.close)

    def roll_back(self) -> None:
        self._do(self._roll_back)

    def end(self) -> None:
        self._do(self._hang_up)
        self.thread.shutdown()

    def _write(self, name: str) -> None:
        self.stack = ExitStack()
        made = self.stack.enter_context(change(HOUSE, via="test"))
        made.create("room", {"name": name})

    def _hang_up(self) -> None:
        connection.close()

    def _roll_back(self) -> None:
        with self.stack:
            transaction.set_rollback(True)

    def _do(self, step: Callable[[], Any]) -> None:
        self.thread.submit(step).result()


class Follower:
    """A program that polls, and remembers where it was."""

    def __init__(self, by: Program) -> None:
        self.by = by
        self.place = by.get("/changes", {"after": "now"}).json()["next"]
        self.seen: list[str] = []

    def poll(self, limit: int = 200) -> None:
        while True:
            page = self.by.get("/changes", {"after": self.place, "limit": limit}).json()
            self.seen += [names(one) for one in page["data"] if one["kind"] == "create"]
            self.place = page["next"]
            if not page["more"]:
                return


def names(one: dict[str, Any]) -> str:
    return next(field["new"] for field in one["fields"] if field["field"] == "name")


@pytest.fixture
def writers() -> Iterator[list[Writer]]:
    found = [Writer() for _number in range(3)]
    yield found
    for one in found:
        one.end()


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_neither_lost_nor_told_twice(writers: list[Writer]) -> None:
    follower, wanted = Follower(program()), []
    for turn, order in enumerate(permutations(range(3))):
        for number, writer in enumerate(writers):
            writer.write(f"{turn}.{number}")
            follower.poll()
        for number in order:
            # One of each round never happened.
            if number == turn % 3:
                writers[number].roll_back()
            else:
                writers[number].commit()
                wanted.append(f"{turn}.{number}")
            follower.poll(limit=1)
    until_closed()
    follower.poll()
    assert sorted(follower.seen) == sorted(wanted)
    again = Follower(follower.by)
    again.place = ""
    again.poll(limit=2)
    assert [one for one in again.seen if one in set(wanted)] == follower.seen


@pytest.mark.django_db(transaction=True)
def test_writers_who_never_wait_for_each_other_are_all_heard(writers: list[Writer]) -> None:
    follower = Follower(program())
    work = [one.thread.submit(_spree, one, number) for number, one in enumerate(writers)]
    while not all(one.done() for one in work):
        follower.poll(limit=3)
    until_closed()
    follower.poll()
    wanted = [one for found in work for one in found.result()]
    assert sorted(follower.seen) == sorted(wanted)


def _spree(writer: Writer, of: int) -> list[str]:
    found = [f"{of}-{number}" for number in range(8)]
    for name in found:
        writer._write(name)
        writer.stack.close()
    return found


@pytest.fixture
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not certain yet is told too: these tests are about who is told what."""
    monkeypatch.setattr(feed, "Edge", lambda: Value(str(2**60)))
    monkeypatch.setattr(feed, "NOW", "SELECT rapport_log_ahead(), (2::numeric ^ 60)::bigint")


def pytest_db(test: Any) -> Any:
    return pytest.mark.usefixtures("told_at_once")(pytest.mark.django_db(test))


@pytest_db
def test_each_kind_of_change_is_told_with_its_fields() -> None:
    asks = program()
    start = _end(asks)
    room, made = make(seats=4)
    edited = edit(room, seats=6)
    trash(room)
    found = asks.get("/changes", {"after": start}).json()
    assert [one["kind"] for one in found["data"]] == ["create", "update", "trash"]
    assert {one["record"] for one in found["data"]} == {str(room.pk)}
    assert [one["change_set"] for one in found["data"]][:2] == [str(made), str(edited)]
    assert found["data"][1]["fields"] == [{"field": "seats", "old": 4, "new": 6}]
    assert found["more"] is False
    assert asks.get("/changes", {"after": found["next"]}).json()["data"] == []
    assert asks.get("/changes", {"after": start, "object": "person"}).json()["data"] == []


@pytest_db
def test_rows_that_belong_to_a_record_are_changes_of_it() -> None:
    asks = program()
    start = _end(asks)
    person = create("person", last_name="Berg", emails=["bo@berg.example"])
    found = asks.get("/changes", {"after": start, "object": "person"}).json()["data"]
    assert {one["record"] for one in found} == {str(person)}
    assert [(one["kind"], one["part"]) for one in found] == [("create", ""), ("update", "email")]


@pytest_db
def test_nobody_hears_of_records_and_fields_that_are_not_his() -> None:
    owner, member = program(), Program(make_user("Mia Own", "member"))
    room, _made = make(seats=4)
    assert {one["record"] for one in _all(owner)} >= {str(room.pk)}
    stranger = Program(make_user("Nora None", "read_only"), scopes={"deal": ["view"]})
    assert _all(stranger) == []
    create_team("Red", [member.user.pk])
    narrow = Program(owner.user, scopes={"person": ["view"]})
    assert str(room.pk) not in {one["record"] for one in _all(narrow)}


@pytest_db
def test_a_change_of_a_hidden_field_alone_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = program("member")
    room, _made = make(seats=4)
    edit(room, seats=5)
    edit(room, name="Red room")
    kinds = [one["kind"] for one in _all(asks, object="room")]
    assert kinds == ["create", "update", "update"]
    from rapport.records import registry

    seats = registry.get("room").fields["seats"]
    monkeypatch.setattr(seats, "readers", frozenset({"manager"}))
    found = _all(asks, object="room")
    assert [one["kind"] for one in found] == ["create", "update"]
    assert "seats" not in {field["field"] for one in found for field in one["fields"]}


@pytest_db
def test_what_is_gone_for_good_is_told_to_those_who_see_all() -> None:
    asks, room = program(), make()[0]
    key = str(room.pk)
    with change(HOUSE, via="test"):
        Room.objects.filter(pk=room.pk).delete()
    found = [one for one in _all(asks) if one["record"] == key]
    assert [one["kind"] for one in found] == ["create", "delete"]


@pytest_db
def test_a_page_ends_where_much_is_not_for_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LOOKED_AT", 2)
    asks = program()
    for number in range(5):
        make(seats=number)
    assert len(_all(asks, object="room")) == 5
    first = asks.get("/changes", {"object": "person"}).json()
    assert (first["data"], first["more"]) == ([], True)


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["1", "x", "1-2", "-1-2-3", "0-1-99999999999999999999", "0-0-0'"])
def test_a_place_that_was_never_given_out_is_refused(after: str) -> None:
    answer = program().get("/changes", {"after": after})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "after"


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["7-1-1", f"0-{2**60}-1"])
def test_a_place_of_another_log_is_gone(after: str) -> None:
    """After a restore numbers mean something else; going on silently would lose changes."""
    assert program().get("/changes", {"after": after}).status_code == 410


def _end(asks: Program) -> str:
    return asks.get("/changes").json()["next"]


def _all(asks: Program, **query: str) -> list[dict[str, Any]]:
    found, place = [], ""
    while True:
        page = asks.get("/changes", {"after": place, **query}).json()
        found += page["data"]
        place = page["next"]
        if not page["more"]:
            return found

"""A lock keeps fields as they are in a state, whichever way somebody comes to change them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.actions import NOBODY
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.bulk.deed import Deed
from rapport.records.bulk.job import do_now
from rapport.records.changes.undo import undo
from rapport.records.declare import Object
from rapport.records.duplicates.merging import merge
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.locking.actions import change_lock, remove_lock
from rapport.records.metadata import files
from rapport.records.metadata.actions import remove_field
from rapport.records.metadata.noticing import is_changed
from rapport.records.models import CustomField, RecordLock
from rapport.records.reading import context_for
from rapport.records.registry import get
from rapport.records.store import Locked, Rejected, change
from rapport.records.testing import HOUSE, Statements, create, read, update
from rapport.records.tests.api import Program, program
from rapport.records.tests.fields import make_field
from rapport.records.tests.locks import make_lock
from rapport.records.tests.test_export_import import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return make_user("Max Muster", "manager")


@pytest.fixture
def by(manager: User) -> Any:
    return principal_of(manager)


def room(**typed: Any) -> UUID:
    return create("room", **{"name": "Dome", "shape": "round", "seats": 4, **typed})


def test_the_state_before_the_change_decides(by: Any) -> None:
    make_lock("seats", "price")
    square = room(shape="square")

    update("room", square, by, shape="round", seats=5)
    with pytest.raises(Locked) as refused:
        update("room", square, by, seats=6)
    assert list(refused.value.fields) == ["seats"]
    said = refused.value.fields["seats"]
    assert "Round rooms" in said
    assert "Make it square first." in said
    assert "Owner" in said
    with pytest.raises(Locked):
        update("room", square, by, shape="square", seats=6)
    update("room", square, by, notes="Others may change", seats=5)
    update("room", square, by, shape="square")
    update("room", square, by, seats=7)
    assert read("room", square, "seats") == 7


def test_those_whom_the_rule_names_and_owners_change_it_all_the_same(by: Any) -> None:
    lock = make_lock("seats", editors=["manager"])
    dome = room()

    update("room", dome, by, seats=5)
    change_lock(lock, {"editors": []}, NOBODY)
    with pytest.raises(Locked):
        update("room", dome, by, seats=6)
    update("room", dome, principal_of(make_user()), seats=7)
    remove_lock(lock, NOBODY)
    update("room", dome, by, seats=8)


def test_many_are_asked_about_in_one_statement_and_none_without_a_lock(by: Any) -> None:
    domes = [room() for _n in range(4)]
    with Statements() as free:
        _all_get(by, domes, 5)
    make_lock("price")
    with Statements() as beside:
        _all_get(by, domes, 6)
    make_lock("seats")
    with Statements() as refused, pytest.raises(Locked):
        _all_get(by, domes, 7)

    assert len(free.statements) == len(beside.statements)
    assert len([one for one in refused.statements if "FOR UPDATE" in one]) == 1
    assert read("room", domes[0], "seats") == 6


def _all_get(by: Any, rooms: list[UUID], seats: int) -> None:
    with change(by, via="test") as made:
        made.update_many("room", rooms, {"seats": seats})


def test_a_lock_on_the_whole_record_keeps_its_links_and_keeps_it_here(by: Any) -> None:
    make_lock()
    dome, other = room(), room(shape="square")
    neighbour = [("room", other)]

    for act in (
        lambda made: made.update("room", dome, {"neighbours": neighbour}),
        lambda made: made.link_many("room", [dome], "neighbours", neighbour),
        lambda made: made.update("room", dome, {"shape": "square"}),
        lambda made: made.trash("room", [other, dome]),
    ):
        with pytest.raises(Locked), change(by, via="test") as made:
            act(made)
    assert access.rows(by, "room").filter(pk__in=[dome, other]).count() == 2
    with change(by, via="test") as made:
        assert made.trash("room", [other]) == 1
        assert made.restore("room", [other]) == 1


def test_a_field_of_ones_own_is_locked_and_locks(by: Any) -> None:
    make_field("decimal", "fee")
    make_field("boolean", "signed")
    make_lock("fee", condition={"field": "signed", "op": "is", "value": True})
    dome = room(fee="5", signed="true")

    with pytest.raises(Locked):
        update("room", dome, by, fee="6")
    with pytest.raises(Rejected, match="Round rooms"):
        remove_field(CustomField.objects.get(name="signed"), NOBODY)
    update("room", dome, by, signed="false")
    update("room", dome, by, fee="6")


def test_undo_does_not_get_round_it(by: Any) -> None:
    make_field("decimal", "fee")
    make_field("text", "note")
    free = room(shape="square", fee="1", note="a")
    edited = update("room", free, seats=9, fee="2")
    noted = update("room", free, note="b")
    update("room", free, shape="round")
    make_lock("seats", "fee")

    with pytest.raises(access.Denied, match="Round rooms"):
        undo(by, edited, via="test")
    assert read("room", free, "seats") == 9
    undo(by, noted, via="test")
    assert read("room", free, "note") == "a"
    undo(principal_of(make_user()), edited, via="test")
    assert read("room", free, "seats") == 4


def test_undo_takes_no_locked_record_away(by: Any) -> None:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Dome", "shape": "round"})
    make_lock()

    with pytest.raises(access.Denied, match="Round rooms"):
        undo(by, made.id, via="test")
    assert access.rows(by, "room").filter(pk=key).exists()


def test_bulk_changes_all_or_tells_why_not(by: Any) -> None:
    make_lock("seats")
    rooms = [room(), room(shape="square")]
    declaration: type[Object] = get("room")

    with pytest.raises(Locked, match="Dome: Seats is locked by the rule “Round rooms”"):
        do_now(context_for(by), Deed(declaration, "edit", "seats", 9), rooms)
    do_now(context_for(by), Deed(declaration, "edit", "seats", 9), rooms[1:])
    assert [read("room", one, "seats") for one in rooms] == [4, 9]


def test_the_api_says_which_field_is_locked(manager: User) -> None:
    make_lock("seats")
    dome, square = room(), room(shape="square")
    api = Program(manager)

    answer = api.patch(f"/rooms/{dome}", {"seats": 5})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:rapport:problem:locked")
    assert answer.json()["errors"][0]["field"] == "seats"
    items = [{"do": "update", "id": str(one), "values": {"seats": 6}} for one in (dome, square)]
    results = api.post("/rooms/batch", {"items": items}).json()["results"]
    assert [one["status"] for one in results] == [422, 200]
    assert read("room", dome, "seats") == 4
    asked = {"do": "edit", "ids": [str(dome)], "field": "seats", "value": 9}
    assert api.post("/rooms/bulk", asked).status_code == 422
    make_lock(name={"en": "Closed"})
    assert api.delete(f"/rooms/{dome}").status_code == 422
    assert program().patch(f"/rooms/{dome}", {"seats": 5}).status_code == 200


def test_pages_show_the_lock_and_its_reason(manager: User) -> None:
    make_lock("seats")
    dome = room()
    web, owner = signed_in(manager), signed_in(make_user())

    page = web.get(f"/rooms/{dome}/").content.decode()
    assert "Round rooms" in page
    assert f"/rooms/{dome}/cells/seats/" not in page
    form = web.get(f"/rooms/{dome}/edit/").content.decode()
    assert "Round rooms" in form
    assert 'name="seats"' not in form
    rows = web.get("/rooms/").content.decode()
    assert "cells/seats/" not in rows
    assert "Round rooms" in rows
    cell = web.get(f"/rooms/{dome}/cells/seats/", headers={"HX-Request": "true"})
    assert cell.status_code == 403
    assert "Round rooms" in cell.content.decode()
    page = owner.get(f"/rooms/{dome}/").content.decode()
    assert "Round rooms" in page
    assert f"/rooms/{dome}/cells/seats/" in page


def test_what_a_form_sends_for_a_locked_field_is_refused_where_it_stands(manager: User) -> None:
    make_lock("seats")
    dome = room()
    sent = {"_shown": "seats,name", "seats": "9", "name": "Dome"}

    answer = signed_in(manager).post(f"/rooms/{dome}/edit/", sent)
    assert answer.status_code == 422
    assert "Round rooms" in answer.content.decode()
    assert read("room", dome, "seats") == 4


def test_board_list_and_trash_say_why_they_change_nothing(manager: User) -> None:
    make_lock()
    dome, web = room(), signed_in(manager)
    asked: dict[str, tuple[int, dict[str, str]]] = {
        "/rooms/board/move/": (422, {"record": str(dome), "column": "square"}),
        "/rooms/bulk/": (422, {"do": "edit", "id": str(dome), "field": "seats", "value": "9"}),
        f"/rooms/{dome}/trash/": (403, {}),
    }
    for address, (status, sent) in asked.items():
        answer = web.post(address, sent)
        assert answer.status_code == status, address
        assert "Round rooms" in answer.content.decode()


def test_rows_of_a_file_that_would_change_it_come_back_with_the_reason(by: Any) -> None:
    make_lock("seats", "price")
    dome, square = room(), room(shape="square", name="Cube")
    lines = f"id,Name,Seats\r\n{dome},Dome,9\r\n{square},Cube,9\r\n{dome},Domed,4\r\n,New,3\r\n"

    done = run_import(_file(by, lines, "update"), by, context_for(by))
    problem = done.problems.get()
    assert (problem.number, done.updated, done.created) == (1, 2, 1)
    assert "Seats is locked by the rule “Round rooms”" in problem.reason
    assert [read("room", dome, one) for one in ("seats", "name")] == [4, "Domed"]
    empty = room(seats="")
    filled = f"id,Name,Seats\r\n{empty},Dome,9\r\n{dome},Domed,9\r\n"
    done = run_import(_file(by, filled, "fill"), by, context_for(by))
    assert [one.number for one in done.problems.all()] == [1]


def test_merging_changes_no_locked_field_and_takes_no_locked_record_away(by: Any) -> None:
    first, second = (
        create("person", first_name="Ada", last_name="Lind", job_title=title) for title in ("", "X")
    )
    closed = {"field": "first_name", "op": "is", "value": "Ada"}
    make_lock("job_title", object="person", condition=closed)

    with pytest.raises(Locked):
        merge(by, "person", first, [second], via="test")
    with pytest.raises(Locked):
        update("person", second, by, job_title="Y")
    with pytest.raises(Locked):
        merge(by, "person", second, [first], {"job_title": first}, via="test")
    merge(by, "person", second, [first], via="test")
    make_lock(object="person", condition=closed)
    other = create("person", first_name="Ada", last_name="Lindt")
    with pytest.raises(Locked):
        merge(by, "person", create("person", first_name="Bo"), [other], via="test")


def test_locks_travel_as_files_with_the_fields_they_use(tmp_path: Path, by: Any) -> None:
    make_field("boolean", "signed")
    lock = make_lock("seats", condition={"field": "signed", "op": "is", "value": True})
    files.write(files.present(), tmp_path)
    there = files.read(tmp_path)
    remove_lock(lock, NOBODY)
    remove_field(CustomField.objects.get(name="signed"), NOBODY)

    assert {one.part for one in files.apply(there)} == {"fields", "locks"}
    assert files.differences(files.present(), there, is_whole=True) == []
    with pytest.raises(Locked):
        update("room", room(signed="true"), by, seats=9)
    files.apply({**there, "fields": {}, "locks": {}}, is_whole=True)
    update("room", room(), by, seats=9)
    broken = {**there["locks"][str(lock.pk)], "fields": ["nothing"]}
    with pytest.raises(files.Unusable, match="Round rooms"):
        files.apply({**there, "locks": {str(lock.pk): broken}})


def test_a_name_as_a_whole_is_locked_with_its_parts(by: Any) -> None:
    titled = {"field": "job_title", "op": "filled"}
    make_lock("first_name", object="person", condition=titled)
    ada = create("person", first_name="Ada", last_name="Lind", job_title="Clerk")

    with pytest.raises(Locked):
        update("person", ada, by, name="Bo Lind")
    update("person", ada, by, last_name="Lund")
    assert read("person", ada, "name") == "Ada Lund"


def test_a_lock_that_can_not_be_asked_any_more_locks_nothing_and_breaks_no_other(by: Any) -> None:
    broken = make_lock()
    make_lock("seats")
    gone = {"field": "not_here", "op": "is", "value": "x"}
    RecordLock.objects.filter(pk=broken.pk).update(condition=gone)
    is_changed()
    dome = room()

    update("room", dome, by, notes="Free")
    with pytest.raises(Locked):
        update("room", dome, by, seats=9)
    assert "not_here" in signed_in(make_user()).get("/setup/fields/room/locks/").content.decode()


def _file(by: Any, content: str, policy: Any) -> Any:
    place = kept(content.encode(), "locks.csv")
    return draft(by, "room", place, place, policy=policy)

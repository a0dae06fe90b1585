"""The store writes, the database keeps the diary, undo puts back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.accounts.actions import create_user
from rapport.accounts.principals import Grant, Principal, Scope, service
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.changes.history import history_of
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.models import Change, Link
from rapport.records.sample.rentals.models import RoomDemand
from rapport.records.sample.rooms.models import Room
from rapport.records.store import Conflict, Missing, Rejected, change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


def make(**values: object) -> Room:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Blue room", **values})
    return Room.objects.get(pk=key)


def edit(room: Room, **values: object) -> UUID:
    with change(HOUSE, via="test", title="Edit") as made:
        made.update("room", room.pk, values)
    return made.id


def test_create_is_logged_with_its_values_and_nothing_blank() -> None:
    room = make(seats=4, price=(Decimal("12.50"), "EUR"))
    row = Change.objects.get(record_id=room.pk)
    assert row.new is not None
    assert (row.kind, row.object, row.new["seats"], row.new["currency"]) == (
        "create",
        "room",
        4,
        "EUR",
    )
    assert row.old is None
    assert not {"built", "version", "updated_at"} & set(row.new)


def test_update_logs_only_what_changed_and_counts_the_version_up() -> None:
    room = make(seats=4)
    edit(room, seats=6)
    row = Change.objects.filter(kind="update").get()
    assert (row.old, row.new) == ({"seats": 4}, {"seats": 6})
    room.refresh_from_db()
    assert room.version == 2


def test_an_update_that_changes_nothing_leaves_no_trace_in_the_log() -> None:
    room = make(seats=4)
    edit(room, seats=4)
    assert not Change.objects.filter(kind="update").exists()


def test_a_write_outside_the_store_is_refused() -> None:
    with pytest.raises(DatabaseError, match="did not go through the store"), transaction.atomic():
        Room.objects.create(name="Sneaked in")


def test_the_application_role_can_neither_change_nor_delete_the_log() -> None:
    make()
    for statement in (
        "UPDATE records_change SET old = NULL",
        "DELETE FROM records_change",
        "INSERT INTO records_change (change_set, object, table_name, row_id, kind) "
        "SELECT change_set, object, table_name, row_id, kind FROM records_change",
        "UPDATE records_changeset SET title = ''",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_two_edits_of_different_fields_merge_and_of_the_same_field_conflict() -> None:
    room = make(seats=4)
    edit(room, seats=5)
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"name": "Red room"}, version=1)
    with pytest.raises(Conflict) as clash, change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 9}, version=1)
    assert clash.value.fields == {"seats"}
    room.refresh_from_db()
    assert (room.seats, room.name) == (5, "Red room")


def test_unknown_and_uneditable_fields_are_refused_by_name() -> None:
    with pytest.raises(Rejected) as refused, change(HOUSE, via="test") as made:
        made.create("room", {"name": "x", "created_at": None, "is_admin": True})
    assert set(refused.value.fields) == {"created_at", "is_admin"}
    with pytest.raises(Rejected), change(HOUSE, via="test") as made:
        made.create("room", {"seats": 3})
    assert not Room.objects.exists()


def test_undo_of_an_edit_puts_back_the_value_and_can_itself_be_undone() -> None:
    room = make(seats=4)
    first = edit(room, seats=6)
    second, result = undo(HOUSE, first, via="test")
    room.refresh_from_db()
    assert (room.seats, result.undone, result.conflicts) == (4, 1, [])
    undo(HOUSE, second, via="test")
    room.refresh_from_db()
    assert room.seats == 6
    with pytest.raises(CannotUndo):
        undo(HOUSE, first, via="test")


def test_undo_leaves_alone_and_reports_what_somebody_changed_since() -> None:
    room = make(seats=4, area=Decimal(10))
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 6, "area": Decimal(20)})
    edit(room, seats=7)
    _, result = undo(HOUSE, made.id, via="test")
    room.refresh_from_db()
    assert (room.seats, room.area) == (7, Decimal(10))
    assert result.conflicts == [("room", room.pk, "seats")]


def test_undo_of_create_trash_and_restore() -> None:
    room = make()
    created = Change.objects.get(record_id=room.pk).change_set
    with change(HOUSE, via="test") as made:
        assert made.trash("room", [room.pk]) == 1
    undo(HOUSE, made.id, via="test")
    assert access.rows(HOUSE, "room").filter(pk=room.pk).exists()
    undo(HOUSE, created, via="test")
    assert not access.rows(HOUSE, "room").filter(pk=room.pk).exists()
    assert access.rows(HOUSE, "room", trashed=True).filter(pk=room.pk).exists()


def test_links_and_contributed_fields_are_written_logged_and_undone() -> None:
    other, room = make(), make()
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"neighbours": [("room", other.pk)], "demand": 7})
    assert RoomDemand.objects.get(pk=room.pk).demand == 7
    assert Link.objects.get(from_id=room.pk).to_id == other.pk
    assert {row.object for row in history_of(HOUSE, "room", room.pk)} == {
        "room",
        "room_demand",
        "link",
    }
    undo(HOUSE, made.id, via="test")
    assert not Link.objects.exists()
    assert not RoomDemand.objects.exists()


def test_many_records_get_one_value_in_one_statement(django_assert_max_num_queries: Any) -> None:
    keys = [make(seats=n).pk for n in range(5)]
    with django_assert_max_num_queries(6), change(HOUSE, via="test") as made:
        assert made.update_many("room", keys, {"seats": 1}) == 5
    undo(HOUSE, made.id, via="test")
    assert list(Room.objects.order_by("seats").values_list("seats", flat=True)) == [0, 1, 2, 3, 4]


def member(scope: Scope) -> Principal:
    grant = Grant(view=scope, create=Scope.OWN, edit=scope, delete=scope)
    user = create_user(f"{uuid7()}@example.com", "Some One", "correct horse battery", "member")
    return Principal(kind="staff", user_id=user.pk, grants={"room": grant})


@pytest.mark.parametrize("scope", [Scope.NONE, Scope.OWN, Scope.TEAM])
def test_what_is_out_of_reach_is_as_if_it_were_not_there(scope: Scope) -> None:
    room, stranger = make(seats=4), member(scope)
    assert not access.rows(stranger, "room").exists()
    expected = (Missing, access.Denied)
    with pytest.raises(expected), change(stranger, via="test") as made:
        made.update("room", room.pk, {"seats": 9})
    if scope is not Scope.NONE:
        with change(stranger, via="test") as made:
            assert made.trash("room", [room.pk]) == 0
            assert made.update_many("room", [room.pk], {"seats": 9}) == 0
    room.refresh_from_db()
    assert (room.seats, room.deleted_at) == (4, None)


def test_undo_needs_the_rights_over_every_record_of_the_change() -> None:
    room = make(seats=4)
    made = edit(room, seats=6)
    with pytest.raises(access.Denied):
        undo(member(Scope.OWN), made, via="test")
    room.refresh_from_db()
    assert room.seats == 6


def test_a_link_to_an_unseen_record_is_refused() -> None:
    hidden = make()
    someone = member(Scope.OWN)
    with pytest.raises(Rejected), change(someone, via="test") as made:
        made.create("room", {"name": "Mine", "neighbours": [("room", hidden.pk)]})

"""Taking changes back: everything that was made goes, nothing newer is overwritten unasked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.changes.undo import CannotUndo, preview, undo
from rapport.records.models import Change, ChangeSet, Link
from rapport.records.sample.rentals.models import RoomDemand
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.tests.rooms import HOUSE, alive, edit, make, trash

pytestmark = pytest.mark.django_db


def test_every_kind_of_value_goes_back_to_what_it_was() -> None:
    from datetime import UTC, date, datetime

    first = {
        "seats": 4, "area": Decimal("12.5"), "price": (Decimal("9.99"), "EUR"),
        "used": Decimal("12.25"),
        "is_open": True, "built": date(2020, 2, 29),
        "cleaned_at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        "slot": timedelta(days=1, hours=2), "shape": "round", "equipment": ["screen", "phone"],
        "stars": 3,
        "plan": {"a": [1, None, "x"]}, "caption": {"en": "One", "es": "Uno"}, "notes": "<p>Old</p>",
        "website": "https://example.com",
    }  # fmt: skip
    second: dict[str, object] = {
        "seats": None, "area": None, "price": None, "used": None, "is_open": False, "built": None,
        "cleaned_at": None, "slot": None, "shape": "", "equipment": [], "stars": None, "plan": None,
        "caption": {}, "notes": "", "website": "",
    }  # fmt: skip
    room, _made = make(**first)
    before = Room.objects.filter(pk=room.pk).values().get()
    edited = edit(room, **second)
    back, result = undo(HOUSE, edited, via="test")
    after = Room.objects.filter(pk=room.pk).values().get()
    changing = {"version", "updated_at", "updated_by_id"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert result.kept == []
    undo(HOUSE, back, via="test")
    room.refresh_from_db()
    assert (room.seats, room.slot, room.plan) == (None, None, None)


def test_several_edits_in_one_set_go_back_to_the_oldest_value() -> None:
    room, _made = make(seats=1)
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 2})
        made.update("room", room.pk, {"seats": 3})
    undo(HOUSE, made.id, via="test")
    room.refresh_from_db()
    assert room.seats == 1


def test_a_bulk_edit_goes_back_row_by_row_to_different_values() -> None:
    rooms = [make(seats=n)[0] for n in range(4)]
    with change(HOUSE, via="test") as made:
        made.update_many("room", [room.pk for room in rooms], {"seats": 9, "shape": "round"})
    edit(rooms[1], seats=7)
    _id, result = undo(HOUSE, made.id, via="test")
    seats = dict(Room.objects.values_list("pk", "seats"))
    assert [seats[room.pk] for room in rooms] == [0, 7, 2, 3]
    assert [(one.row_id, one.column, one.was, one.left_as, one.now) for one in result.kept] == [
        (rooms[1].pk, "seats", 1, 9, 7)
    ]
    assert set(Room.objects.values_list("shape", flat=True)) == {""}


def test_a_value_changed_since_goes_back_only_when_that_is_chosen() -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    edit(room, seats=3)
    _id, result = undo(HOUSE, edited, via="test", forced={(room.pk, "seats")})
    room.refresh_from_db()
    assert (room.seats, result.kept) == (1, [])


def test_a_value_that_is_back_by_itself_is_no_conflict() -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    edit(room, seats=1)
    _id, result = undo(HOUSE, edited, via="test")
    assert (result.kept, result.undone) == ([], 0)


def test_a_record_made_and_trashed_at_once_stays_gone() -> None:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Fleeting"})
        made.trash("room", [key])
    undo(HOUSE, made.id, via="test")
    assert not access.rows(HOUSE, "room").filter(pk=key).exists()


def test_undoing_a_creation_takes_what_belongs_to_it_along_and_redo_brings_all_back() -> None:
    other, _made = make()
    room, made = make(name="New", neighbours=[("room", other.pk)], demand=5)
    undone, result = undo(HOUSE, made, via="test")
    assert (alive(room), alive(other), result.removed) == (False, True, 1)
    undo(HOUSE, undone, via="test")
    assert alive(room)
    assert Link.objects.get(from_id=room.pk).to_id == other.pk
    assert RoomDemand.objects.get(pk=room.pk).demand == 5


def _edited_since(room: Room) -> None:
    edit(room, seats=9)


def _linked_since(room: Room) -> None:
    make(name="Neighbour", neighbours=[("room", room.pk)])


def _pointed_at_since(room: Room) -> None:
    make(name="Part", parent=room.pk)


def _given_a_row_since(room: Room) -> None:
    edit(room, demand=3)


def _given_a_link_since(room: Room) -> None:
    other, _made = make(name="Other")
    edit(room, neighbours=[("room", other.pk)])


USES = [_edited_since, _linked_since, _pointed_at_since, _given_a_row_since, _given_a_link_since]


@pytest.mark.parametrize("use", USES)
def test_a_made_record_that_was_used_since_stays_unless_that_is_chosen(
    use: Callable[[Room], None],
) -> None:
    room, made = make(name="Made")
    use(room)
    reason = "changed" if use is _edited_since else "used"
    planned = preview(HOUSE, made)
    assert (planned.removed, [(one.row_id, one.reason) for one in planned.kept]) == (
        0,
        [(room.pk, reason)],
    )
    _id, result = undo(HOUSE, made, via="test")
    assert (alive(room), result.undone) == (True, 0)


@pytest.mark.parametrize("use", USES)
def test_a_made_record_that_was_used_since_goes_when_that_is_chosen(
    use: Callable[[Room], None],
) -> None:
    room, made = make(name="Made")
    use(room)
    undo(HOUSE, made, via="test", forced={(room.pk, "")})
    assert not alive(room)


def test_a_use_that_is_gone_again_does_not_keep_a_made_record() -> None:
    room, made = make(name="Made")
    part, _made = make(name="Part", parent=room.pk)
    trash(part)
    edit(room, seats=9)
    edit(room, seats=None)
    undo(HOUSE, made, via="test")
    assert not alive(room)


def test_records_made_together_do_not_keep_each_other() -> None:
    with change(HOUSE, via="test") as made:
        tower = made.create("room", {"name": "Tower"})
        floor = made.create(
            "room", {"name": "Floor", "parent": tower, "neighbours": [("room", tower)]}
        )
        made.update("room", tower, {"seats": 3})
    _id, result = undo(HOUSE, made.id, via="test")
    assert (result.kept, result.removed) == ([], 2)
    assert not access.rows(HOUSE, "room").filter(pk__in=[tower, floor]).exists()


def test_chunks_are_undone_with_the_set_they_belong_to() -> None:
    with change(HOUSE, via="import", title="Import") as whole:
        pass
    keys = []
    for n in range(3):
        with change(HOUSE, via="import", parent=whole.id) as chunk:
            keys.append(chunk.create("room", {"name": f"Room {n}"}))
    _id, result = undo(HOUSE, whole.id, via="test")
    assert result.removed == 3
    assert not access.rows(HOUSE, "room").filter(pk__in=keys).exists()


def test_trash_and_restore_go_back_and_forth() -> None:
    one, two = make()[0], make()[0]
    trashed = trash(one, two)
    with change(HOUSE, via="test") as made:
        made.restore("room", [two.pk])
    back, result = undo(HOUSE, trashed, via="test")
    assert (result.restored, alive(one), alive(two)) == (1, True, True)
    undo(HOUSE, back, via="test")
    assert (alive(one), alive(two)) == (False, True)
    undo(HOUSE, made.id, via="test")
    assert not alive(two)


def test_links_and_side_rows_that_were_dropped_come_back() -> None:
    other, _made = make()
    room, _made = make(neighbours=[("room", other.pk)], demand=5)
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"neighbours": [], "demand": 6})
    undo(HOUSE, made.id, via="test")
    assert Link.objects.get(from_id=room.pk).to_id == other.pk
    assert RoomDemand.objects.get(pk=room.pk).demand == 5


def test_a_dropped_link_that_is_there_again_is_not_doubled() -> None:
    other, _made = make()
    room, _made = make(neighbours=[("room", other.pk)])
    dropped = edit(room, neighbours=[])
    edit(room, neighbours=[("room", other.pk)])
    undo(HOUSE, dropped, via="test")
    assert Link.objects.filter(from_id=room.pk).count() == 1


def test_a_change_is_undone_once_and_only_within_thirty_days(owner_database_url: str) -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    undo(HOUSE, edited, via="test")
    for again in (undo, lambda who, what, via: preview(who, what)):
        with pytest.raises(CannotUndo, match="undone already"):
            again(HOUSE, edited, via="test")
    with pytest.raises(CannotUndo, match="not in the log"):
        undo(HOUSE, uuid7(), via="test")


@pytest.mark.django_db(transaction=True)
def test_an_old_change_is_not_undone(owner_database_url: str) -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    with psycopg.connect(owner_database_url) as owner:
        owner.execute("UPDATE records_changeset SET at = at - interval '31 days'")
    with pytest.raises(CannotUndo, match="older than 30 days"):
        undo(HOUSE, edited, via="test")
    room.refresh_from_db()
    assert room.seats == 2


def test_a_preview_writes_nothing_and_says_what_undo_then_does() -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2, area=Decimal(3), demand=4)
    edit(room, seats=5)
    before = (Change.objects.count(), ChangeSet.objects.count())
    planned = preview(HOUSE, edited)
    assert (Change.objects.count(), ChangeSet.objects.count()) == before
    _id, done = undo(HOUSE, edited, via="test")
    assert (planned.values, planned.rows, planned.conflicts) == (
        done.values,
        done.rows,
        done.conflicts,
    )
    assert (done.values, done.rows, len(done.conflicts)) == (1, 1, 1)

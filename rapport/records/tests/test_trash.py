"""The trash: what lies in it, the way back, and the end of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone

from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.changes.history import history_of
from rapport.records.models import Change, Link
from rapport.records.sample.rentals.models import RoomDemand
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.store.purging import purge

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


def make(**values: object) -> UUID:
    with change(HOUSE, via="test") as made:
        return made.create("room", {"name": "Blue room", **values})


def trash(*keys: UUID) -> None:
    with change(HOUSE, via="test") as made:
        made.trash("room", keys)


def later() -> datetime:
    return timezone.now() + timedelta(seconds=1)


def test_the_trash_lists_the_last_deleted_first_with_who_did_it() -> None:
    web = signed_in(make_user())
    first, second, kept = make(name="First"), make(name="Second"), make(name="Kept")
    for key in (first, second):
        web.post(f"/rooms/{key}/trash/")
    page = web.get("/rooms/trash/").content.decode()
    assert "Ida Brandt" in page
    assert re.findall(r'data-row="([^"]+)"', page).count(str(kept)) == 0
    assert set(re.findall(r'data-row="([^"]+)"', page)) == {str(first), str(second)}
    assert 'href="/rooms/trash/"' in web.get("/trash/").content.decode()


def test_long_trash_is_walked_page_by_page() -> None:
    web = signed_in(make_user())
    keys = {make(name=f"Room {n}") for n in range(60)}
    trash(*keys)
    page = web.get("/rooms/trash/").content.decode()
    found = set(re.findall(r'data-row="([^"]+)"', page))
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further
    rest = web.get(further[1]).content.decode()
    found |= set(re.findall(r'data-row="([^"]+)"', rest))
    assert found == {str(key) for key in keys}
    assert web.get("/rooms/trash/?after=nonsense").status_code == 200


def test_ticked_records_come_back_and_the_toast_undoes_that() -> None:
    web = signed_in(make_user())
    one, two = make(), make()
    trash(one, two)
    web.post("/rooms/trash/restore/", {"id": [str(one), "nonsense"]})
    assert access.rows(HOUSE, "room").filter(pk=one).exists()
    assert not access.rows(HOUSE, "room").filter(pk=two).exists()
    undo = re.search(r'data-undo-url="(/undo/[^"]+)"', web.get("/rooms/").content.decode())
    assert undo
    web.post(undo[1])
    assert not access.rows(HOUSE, "room").filter(pk=one).exists()


def test_only_what_is_old_goes_for_good() -> None:
    old, young, alive = make(name="Old"), make(name="Young"), make(name="Alive")
    trash(old)
    assert purge() == {}
    assert purge(later()) == {"room": 1}
    trash(young)
    assert purge() == {}
    assert set(Room.objects.values_list("pk", flat=True)) == {young, alive}


def test_all_that_belongs_to_a_record_goes_and_pointers_to_it_are_dropped() -> None:
    other = make(name="Other")
    gone = make(name="Gone", neighbours=[("room", other)], demand=4)
    part = make(name="Part", parent=gone, neighbours=[("room", gone)])
    trash(gone)
    assert purge(later()) == {"room": 1}
    assert Room.objects.get(pk=part).parent_id is None
    assert not Link.objects.exists()
    assert not RoomDemand.objects.exists()
    log = Change.objects.filter(record_id=gone, kind="delete").values_list("object", flat=True)
    assert set(log) == {"room", "room_demand", "link"}
    assert {entry.via for entry in history_of(HOUSE, "room", gone) if entry.kind == "delete"} == {
        "maintenance"
    }


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_agrees_that_nothing_points_into_the_void(
    owner_database_url: str,
) -> None:
    gone = make(name="Gone")
    make(name="Part", parent=gone)
    trash(gone)
    with psycopg.connect(owner_database_url) as owner:
        owner.execute("ALTER TABLE sample_room DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE sample_room SET deleted_at = now() - interval '31 days' "
            "WHERE deleted_at IS NOT NULL"
        )
        owner.execute("ALTER TABLE sample_room ENABLE TRIGGER USER")
    assert purge() == {"room": 1}
    assert Room.objects.get().name == "Part"

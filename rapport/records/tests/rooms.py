"""Rooms to change and to change back."""

from __future__ import annotations

from uuid import UUID

from rapport.accounts.principals import service
from rapport.records import access
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

HOUSE = service("tests")


def make(**values: object) -> tuple[Room, UUID]:
    with change(HOUSE, via="test", title="Make") as made:
        key = made.create("room", {"name": "Blue room", **values})
    return Room.objects.get(pk=key), made.id


def edit(room: Room, **values: object) -> UUID:
    with change(HOUSE, via="test", title="Edit") as made:
        made.update("room", room.pk, values)
    return made.id


def trash(*rooms: Room) -> UUID:
    with change(HOUSE, via="test", title="Trash") as made:
        made.trash("room", [room.pk for room in rooms])
    return made.id


def alive(room: Room) -> bool:
    return access.rows(HOUSE, "room").filter(pk=room.pk).exists()

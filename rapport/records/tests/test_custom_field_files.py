"""Files bring values of custom fields in and carry them out."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.records import registry
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.sample.rooms.models import Room
from rapport.records.testing import create, read
from rapport.records.tests.fields import make_every_kind, make_field
from rapport.records.tests.test_custom_field_surfaces import VALUES
from rapport.records.tests.test_export_import import (
    CONTEXT,
    HOUSE,
    file_of,
    import_back,
    kept,
    taken,
    trash_all,
)

pytestmark = pytest.mark.django_db
ROOMS = registry.get("room")


def imported(content: str, policy: Any = "create") -> Any:
    place = kept(content.encode(), "own.csv")
    run = draft(HOUSE, "room", place, place, policy=policy)
    return run_import(run, HOUSE, CONTEXT)


def test_every_kind_comes_back_as_it_went() -> None:
    make_every_kind()
    target = create("rental", title="Target")
    create("room", name="Full", own_relation=str(target), **VALUES)
    create("room", name="Bare")
    names = [name for name in taken(ROOMS) if name == "name" or ROOMS.fields[name].is_custom]
    went = file_of(ROOMS, names)
    before = Room.objects.get(name="Full").custom
    trash_all(ROOMS)

    import_back(ROOMS, went, "csv")

    assert sorted(file_of(ROOMS, names).splitlines()) == sorted(went.splitlines())
    assert Room.objects.get(name="Full", deleted_at=None).custom == before


def test_columns_find_their_field_by_its_words_and_updates_keep_the_rest() -> None:
    make_field("text", "shade", label={"en": "Shade", "es": "Tono"})
    make_field("text", "other", default="usual")
    imported("Name,Tono\r\nA,green\r\n")
    room = Room.objects.get(name="A")
    assert (read("room", room.pk, "shade"), read("room", room.pk, "other")) == ("green", "usual")

    imported(f"id,Name,Shade\r\n{room.pk},A,blue\r\n", policy="update")
    assert (read("room", room.pk, "shade"), read("room", room.pk, "other")) == ("blue", "usual")
    imported(f"id,Name,Shade\r\n{room.pk},A,red\r\n", policy="fill")
    assert read("room", room.pk, "shade") == "blue"


def test_rows_with_a_value_that_is_taken_are_set_aside() -> None:
    make_field("text", "code", label={"en": "Code"}, unique=True)
    create("room", name="A", code="one")

    done = imported("Name,Code\r\nB,ONE\r\nC,two\r\nD,Two\r\nE,\r\nF,\r\n")

    assert set(Room.objects.values_list("name", flat=True)) == {"A", "C", "E", "F"}
    assert done.problems.count() == 2

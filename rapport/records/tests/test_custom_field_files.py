"""Files bring values of custom fields in and carry them out."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.actions import NOBODY
from rapport.records import registry
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.metadata.actions import change_field
from rapport.records.sample.rooms.models import Room
from rapport.records.testing import create, read, update
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


def reasons(done: Any) -> dict[int, str]:
    return {one.number: one.reason for one in done.problems.order_by("number")}


LARGE = {"field": "seats", "op": "gt", "value": 10}


def test_rows_without_what_new_records_must_have_come_back_and_the_others_go_in() -> None:
    make_field("text", "permit", label={"en": "Permit"}, required=True)
    make_field("text", "usual", label={"en": "Usual"}, required=True, default="As always")
    here = create("room", name="Here", permit="P0")

    done = imported("Name,Permit,Seats\r\nA,P1,1\r\nB,,2\r\nC,P3,3\r\n")
    assert set(Room.objects.values_list("name", flat=True)) == {"Here", "A", "C"}
    assert reasons(done) == {2: "Permit can't be empty."}
    assert done.problems.get().cells == ["B", "", "2"]
    # Records that are here need no more than they had.
    done = imported(f"id,Name,Seats\r\n{here},Here,44\r\n", policy="update")
    assert (read("room", here, "seats"), done.failed) == (44, 0)


def test_rows_that_break_a_rule_come_back_with_the_reason() -> None:
    make_field("text", "permit", label={"en": "Permit"}, required_when=LARGE)
    make_field("choice", "country_own", label={"en": "Land"}, options=[
        {"key": "es", "label": {"en": "Spain"}}, {"key": "de", "label": {"en": "Germany"}},
    ])  # fmt: skip
    make_field("choice", "site", label={"en": "Site"}, controlled_by="country_own", options=[
        {"key": "madrid", "label": {"en": "Madrid"}, "for": ["es"]},
        {"key": "remote", "label": {"en": "Remote"}},
    ])  # fmt: skip
    rows = ["A,4,,Spain,Madrid", "B,40,,,", "C,40,P1,,", "D,4,,Germany,Madrid",
            "E,4,,Germany,Remote"]  # fmt: skip
    done = imported("\r\n".join(["Name,Seats,Permit,Land,Site", *rows, ""]))

    assert set(Room.objects.values_list("name", flat=True)) == {"A", "C", "E"}
    assert reasons(done) == {
        2: "Permit can't be empty here.", 4: "Site has no such choice here.",
    }  # fmt: skip
    assert (done.created, done.failed) == (3, 2)


def test_changes_by_a_file_are_held_to_the_rules_of_what_they_touch() -> None:
    old = create("room", name="O", seats=50)
    make_field("text", "permit", label={"en": "Permit"}, required_when=LARGE)
    make_field("text", "secret", label={"en": "Secret"}, visible_when=LARGE)
    small, large = (create("room", name=name, seats=4) for name in ("S", "L"))
    update("room", large, seats=40, permit="P1")

    done = imported(
        f"id,Name,Seats,Permit,Secret\r\n{small},S,44,,\r\n{large},L,45,,\r\n{old},Renamed,,,\r\n"
        f",New,4,,Kept though unseen\r\n",
        policy="update",
    )
    assert reasons(done) == {1: "Permit can't be empty here."}
    assert [read("room", one, "seats") for one in (small, large)] == [4, 45]
    assert read("room", old, "name") == "Renamed"
    assert read("room", Room.objects.get(name="New").pk, "secret") == "Kept though unseen"
    done = imported(f"id,Name,Seats\r\n{small},S,44\r\n", policy="fill")
    assert (done.failed, read("room", small, "seats")) == (0, 4)


def test_a_record_that_a_row_only_names_is_not_made_without_what_it_must_have() -> None:
    make_field("text", "origin", on="company", label={"en": "Origin"}, default="Usual")
    vat = make_field("text", "vat", on="company", label={"en": "Vat"}, required=True)
    place = kept(b"Name,Company\r\nAda,Acme\r\nBo,\r\n", "people.csv")
    done = run_import(draft(HOUSE, "person", place, place), HOUSE, CONTEXT)
    assert (done.created, done.partial) == (2, 1)
    assert not registry.get("company").model._default_manager.exists()

    change_field(vat, {"required": False}, NOBODY)
    place = kept(b"Name,Company\r\nCy,Acme\r\n", "people.csv")
    run_import(draft(HOUSE, "person", place, place), HOUSE, CONTEXT)
    assert (
        read("company", registry.get("company").model._default_manager.get().pk, "origin")
        == "Usual"
    )


def test_a_row_that_follows_one_that_was_set_aside_comes_back_too() -> None:
    make_field("text", "permit", label={"en": "Permit"}, required=True)
    key = "0198a5a0-0000-7000-8000-000000000001"
    content = kept(f"id,Name,Permit\r\n{key},A,\r\n{key},B,P1\r\n".encode(), "moved.csv")
    run = draft(HOUSE, "room", content, content, policy="move")
    done = run_import(run, HOUSE, CONTEXT)

    assert not Room.objects.exists()
    assert [one.partition(":")[0] for one in reasons(done).values()] == [
        "Permit can't be empty.", "It belongs to the row above that could not be taken",
    ]  # fmt: skip


def test_a_change_to_a_value_that_is_taken_comes_back_and_the_others_go_in() -> None:
    make_field("text", "code", label={"en": "Code"}, unique=True)
    one, two, three = (create("room", name=name, code=name) for name in ("one", "two", "three"))
    done = imported(
        f"id,Name,Code\r\n{one},one,TWO\r\n{two},two,two\r\n{three},three,four\r\n,new,Four\r\n",
        policy="update",
    )
    assert [read("room", key, "code") for key in (one, two, three)] == ["one", "two", "four"]
    assert not Room.objects.filter(name="new").exists()
    assert list(reasons(done)) == [1, 4]
    done = imported(f"id,Name,Code\r\n{one},one,two\r\n", policy="fill")
    assert done.failed == 0

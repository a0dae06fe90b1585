"""Every surface meets custom fields as it meets declared ones."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of, service
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.changes.history import history_of
from rapport.records.changes.undo import preview, undo
from rapport.records.models import CustomField
from rapport.records.store import Conflict, Rejected, change
from rapport.records.store.errors import Doubled
from rapport.records.testing import create, read, reader, update
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_every_kind, make_field

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
HX = {"HX-Request": "true"}
EVIL = "<script>alert(1)</script>{} %s \"'"
VALUES: dict[str, Any] = {
    "own_text": "Zürich", "own_integer": "12", "own_decimal": "1.25", "own_money": "12.50 EUR",
    "own_percent": "25", "own_boolean": "yes", "own_date": "2026-02-28", "own_choice": "small",
    "own_datetime": "2026-01-03T10:00", "own_choices": "small,large", "own_url": "example.com",
    "own_rating": "3", "own_email": "ana@example.com", "own_phone": "+34 600 123 456",
    "own_long_text": "<b>Bold</b> word",
}  # fmt: skip


def test_lists_sort_group_and_filter_by_every_kind(web: Client) -> None:
    make_every_kind()
    create("room", name="Full", **VALUES)
    create("room", name="Bare")
    fields = registry.get("room").fields
    names = [name for name, kind in fields.items() if kind.is_custom]

    page = web.get("/rooms/", {"columns": ",".join(["name", *names])}).content.decode()
    assert all(text in page for text in ("Zürich", "ana@example.com", "Own date"))
    for name in names:
        for address in [f"?sort=-{name}"] if fields[name].sort_key() is not None else []:
            assert web.get(f"/rooms/{address}").status_code == 200, name
        if fields[name].type in ("text", "choice", "boolean", "date", "datetime", "relation"):
            assert web.get(f"/rooms/?group={name}").status_code == 200, name
        assert web.get(f"/rooms/?{name}.{fields[name].operators[-1]}=").status_code in (200, 422)
    assert "Full" in web.get("/rooms/?own_integer.gte=12").content.decode()


def test_a_record_page_a_form_and_a_cell_take_them(web: Client) -> None:
    make_every_kind()
    room = create("room", name="Full", **VALUES)

    page = web.get(f"/rooms/{room}/").content.decode()
    assert all(text in page for text in ("Own fields", "Zürich"))
    assert 'name="own_choice"' in web.get(f"/rooms/{room}/edit/").content.decode()
    sent = {"own_text": "Bern", "own_integer": "twelve", "_shown": "own_text,own_integer"}
    refused = web.post(f"/rooms/{room}/edit/", {**sent, "_version": "1"})
    assert refused.status_code == 422
    assert "is not a number for Own integer" in refused.content.decode()
    cell = f"/rooms/{room}/cells/own_text/"
    opened = web.get(cell, headers=HX).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', opened))
    web.post(cell, {**{k: unescape(v) for k, v in hidden.items()}, "own_text": "Bern"}, headers=HX)
    assert read("room", room, "own_text") == "Bern"


def test_programs_read_write_and_are_told_of_them(owner: User) -> None:
    make_field("text")
    make_field("money")
    make_field("choice", required=True)
    program = Program(owner)

    made = program.post("/rooms/", {"name": "A", "own_text": "x", "own_choice": "small"})
    assert made.status_code == 201, made.content
    room = made.json()["id"]
    amount = {"amount": "5.10", "currency": "USD"}
    assert program.patch(f"/rooms/{room}/", {"own_money": amount}).status_code == 200
    told = program.get(f"/rooms/{room}/").json()
    assert (told["own_text"], told["own_money"]) == ("x", amount)
    without = program.post("/rooms/", {"name": "B"})
    assert without.status_code == 422
    assert "own_choice" in json.dumps(without.json())
    described = program.get("/openapi.json").json()
    assert "own_choice" in json.dumps(described["components"])


def test_history_tells_and_undo_takes_back_one_value_beside_another(owner: User) -> None:
    make_field("text", "first")
    make_field("date", "second", label={"en": "Second"})
    room = create("room", name="A", first="one", second="2026-01-02")
    me = principal_of(owner)
    with change(me, via="web") as made:
        made.update("room", room, {"first": "two"})

    (entry, *_older) = history_of(me, "room", room)
    assert [(one.field, one.old, one.new) for one in entry.fields] == [("first", "one", "two")]
    undo(me, made.id, via="web")
    assert read("room", room, "first") == "one"
    assert str(read("room", room, "second")) == "2026-01-02"


def test_an_undo_takes_back_its_own_field_and_names_what_was_changed_since(owner: User) -> None:
    make_field("text", "first", label={"en": "First"})
    make_field("text", "second", label={"en": "Second"})
    room = create("room", name="A", first="one")
    me = principal_of(owner)
    with change(me, via="web") as both:
        both.update("room", room, {"first": "two", "second": "two"})
    with change(me, via="web") as later:
        later.update("room", room, {"first": "three"})

    (kept,) = preview(me, both.id).kept
    assert (kept.was, kept.left_as, kept.now) == ("one", "two", "three")
    assert "First" in signed_in(owner).get(f"/history/{both.id}/").content.decode()
    undo(me, both.id, via="web")
    assert (read("room", room, "first"), read("room", room, "second")) == ("three", "")
    undo(me, later.id, via="web")
    assert read("room", room, "first") == "two"


def test_two_people_clash_over_one_field_and_not_over_two() -> None:
    make_field("text", "first")
    make_field("text", "second")
    room = create("room", name="A", first="one", second="one")
    update("room", room, first="two")

    with change(HOUSE, via="web") as made:
        made.update("room", room, {"second": "three"}, version=1)
    with pytest.raises(Conflict), change(HOUSE, via="web") as made:
        made.update("room", room, {"first": "three"}, version=1)


def test_a_value_that_must_be_unique_is_refused_at_its_field() -> None:
    make_field("text", "code", unique=True)
    room = create("room", name="A", code="Ä-1")

    with pytest.raises(Doubled) as refused:
        create("room", name="B", code="ä-1")
    assert list(refused.value.fields) == ["code"]
    other = create("room", name="B")
    with pytest.raises(Doubled):
        update("room", other, code="Ä-1")
    update("room", room, code="Ä-1")
    with change(HOUSE, via="web") as made:
        made.trash("room", [room])
    update("room", other, code="Ä-1")


def test_a_default_fills_what_nobody_said() -> None:
    make_field("choice", default="large")
    make_field("date", default="2026-05-01")

    room = create("room", name="A")

    assert read("room", room, "own_choice") == "large"
    assert str(read("room", room, "own_date")) == "2026-05-01"


def test_words_of_administrators_are_text_and_nothing_else(web: Client) -> None:
    make_field(
        "choice", "evil", label={"en": EVIL}, help={"en": EVIL}, required=True,
        options=[{"key": "a", "label": {"en": EVIL}}],
    )  # fmt: skip
    room = create("room", name="A", evil="a")

    for address in (
        "/rooms/?columns=name,evil&group=evil&evil.is=a",
        f"/rooms/{room}/",
        f"/rooms/{room}/edit/",
        "/rooms/new/",
        "/rooms/quick/",
        "/rooms/board/?by=evil",
        "/rooms/conditions/",
    ):
        page = web.get(address).content.decode()
        assert "<script>alert(1)" not in page, address


def test_a_role_that_may_not_read_a_field_meets_it_nowhere(owner: User) -> None:
    make_field("text", "salary", search=True, readers=["owner"])
    room = create("room", name="A", salary="Ninety thousand", by=principal_of(owner))
    changed = update("room", room, salary="Hundred thousand", by=principal_of(owner))
    update("room", room, salary="Eighty thousand", by=principal_of(owner))
    member = make_user("Max", role="manager", email="max@example.com")
    him, program = signed_in(member), Program(member)

    assert "salary" not in access.fields(principal_of(member), "room").readable
    for address in (
        f"/rooms/{room}/", "/rooms/?columns=name,salary", f"/rooms/{room}/history/", "/history/",
        f"/history/{changed}/", f"/rooms/{room}/edit/",
    ):  # fmt: skip
        assert "thousand" not in him.get(address).content.decode()
    assert him.get("/search/?q=thousand").content.decode().count(str(room)) == 0
    assert "salary" not in program.get(f"/rooms/{room}/").json()
    assert program.get("/rooms/", {"salary.is": "Ninety thousand"}).status_code == 422
    assert program.get("/rooms/", {"sort": "salary"}).status_code == 422
    refused = program.patch(f"/rooms/{room}/", {"salary": "1"})
    assert refused.status_code == 422
    assert "thousand" not in json.dumps(program.get(f"/rooms/{room}/history/").json())


def test_a_role_that_may_only_read_a_field_can_not_set_it(owner: User) -> None:
    make_field("text", "code", editors=["owner"])
    room = create("room", name="A", code="1", by=principal_of(owner))
    member = principal_of(make_user("Max", role="manager", email="max@example.com"))

    assert read("room", room, "code", by=member) == "1"
    with pytest.raises(Rejected), change(member, via="web") as made:
        made.update("room", room, {"code": "2"})
    changed = update("room", room, code="3", by=principal_of(owner))
    with pytest.raises(access.Denied):
        undo(member, changed, via="web")


def test_renaming_keeps_values_and_removing_hides_them_until_they_come_back() -> None:
    from rapport.accounts.actions import NOBODY
    from rapport.records.metadata.actions import bring_back, change_field, remove_field

    row = make_field("text", "code")
    room = create("room", name="A", code="kept")
    change_field(row, {"label": {"en": "Number"}}, NOBODY)
    assert str(registry.get("room").fields["code"].label) == "Number"
    assert read("room", room, "code") == "kept"

    remove_field(row, NOBODY)
    assert "code" not in registry.get("room").fields
    update("room", room, name="B")
    bring_back(CustomField.objects.get(pk=row.pk), NOBODY)
    assert read("room", room, "code") == "kept"


def test_what_was_removed_long_ago_is_forgotten() -> None:
    from django.utils import timezone

    from rapport.accounts.actions import NOBODY
    from rapport.records.metadata.actions import remove_field
    from rapport.records.metadata.purging import purge
    from rapport.records.sample.rooms.models import Room

    row, other = make_field("money", "price_own"), make_field("text", "code")
    room = create("room", name="A", price_own="5 EUR", code="kept")
    remove_field(row, NOBODY)

    assert purge() == 0
    assert purge(timezone.now()) == 1
    assert Room.objects.get(pk=room).custom == {other.pk.hex: "kept"}


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ({"name": "seats"}, "name"),
        ({"name": "version"}, "name"),
        ({"name": "sort"}, "name"),
        ({"name": "a__b"}, "name"),
        ({"name": "x'; DROP TABLE"}, "name"),
        ({"label": {"en": ""}}, "label"),
        ({"label": {"en": "x" * 81}}, "label"),
        ({"kind": "json"}, "kind"),
        ({"kind": "choice", "options": []}, "options"),
        (
            {
                "kind": "choice",
                "options": [{"key": f"k{n}", "label": {"en": "x"}} for n in range(501)],
            },
            "options",
        ),
        ({"kind": "choice", "options": [{"key": "'", "label": {"en": "x"}}]}, "options"),
        ({"kind": "relation", "to": "nothing"}, "to"),
        ({"kind": "boolean", "unique": True}, "unique"),
        ({"kind": "integer", "default": "many"}, "default"),
        ({"readers": ["nobody"]}, "readers"),
    ],
)
def test_a_field_that_can_not_be_is_refused_where_it_is_wrong(
    facts: dict[str, Any], at: str
) -> None:
    with pytest.raises(Rejected) as refused:
        make_field(**{"kind": "text", "name": "fine", **facts})
    assert at in refused.value.fields
    assert "fine" not in registry.get("room").fields


def test_conditions_look_into_the_past_of_a_field() -> None:
    from rapport.records.conditions import Changed, Rule, Was, ask
    from rapport.records.sample.rooms.models import Room

    make_field("choice")
    make_field("text", "other")
    room = create("room", name="A", own_choice="small")
    update("room", room, own_choice="large")
    still = create("room", name="B", own_choice="small")
    update("room", still, other="x")

    def asked(condition: Any) -> set[UUID]:
        where = ask(condition, registry.get("room"), reader()).where
        return set(Room.objects.filter(where).values_list("pk", flat=True))

    assert asked(Changed("own_choice", before="small", after="large")) == {room}
    assert asked(Changed("own_choice")) == {room}
    assert asked(Was(Rule("own_choice", "is", "small"))) == {room, still}

"""Fields that a formula works out are read, asked, sorted and exported like any other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from rapport.accounts.actions import NOBODY
from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.changes.history import history_of
from rapport.records.conditions import ConditionError, Rule, compile_condition
from rapport.records.metadata.actions import change_field, remove_field
from rapport.records.metadata.indexes import prepare
from rapport.records.models import CustomField
from rapport.records.reading import parse_sort
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, found, read, reader, update
from rapport.records.tests.api import Program
from rapport.records.tests.fields import make_field
from rapport.records.tests.formulas import formula

pytestmark = pytest.mark.django_db
HALL: dict[str, Any] = {
    "name": "Hall", "seats": "7", "shape": "round", "built": "2026-01-31", "price": "10.50 EUR",
    "cleaned_at": "2026-01-31T10:00Z",
}  # fmt: skip
#: A formula of every type, with what it gives for the hall.
EVERY: dict[str, tuple[str, Any]] = {
    "number": ("seats * 2 / 3", 4.67),
    "choice": ("shape", "round"),
    "text": ('name & " (" & seats & ")"', "Hall (7)"),
    "day": ("built + 1", "2026-02-01"),
    "money": ("price * 2", {"amount": "21.00", "currency": "EUR"}),
    "flag": ('shape = "Round" and seats > 5', True),
    "moment": ("cleaned_at + 1", "2026-02-01T10:00:00Z"),
}


def every_type() -> None:
    for name, (text, _value) in EVERY.items():
        formula(f"own_{name}", text)


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def web(owner: User) -> Client:
    return signed_in(owner)


def reads(principal: Principal, name: str) -> bool:
    return name in access.fields(principal, "room").readable


def test_values_of_every_type() -> None:
    every_type()
    room = create("room", **HALL)
    fields = registry.get("room").fields

    given = {n: fields[f"own_{n}"].json(read("room", room, f"own_{n}")) for n in EVERY}

    assert given == {name: value for name, (_text, value) in EVERY.items()}


def test_lists_show_sort_group_and_filter_by_every_type(web: Client) -> None:
    every_type()
    hall, bare = create("room", **HALL), create("room", name="Bare")

    page = web.get("/rooms/", {"columns": ",".join(f"own_{n}" for n in EVERY)}).content.decode()
    assert all(text in page for text in ("4.67", "Round", "Hall (7)", "€21"))
    for name in EVERY:
        assert web.get(f"/rooms/?sort=-own_{name}").status_code == 200, name
        if name not in ("number", "money"):
            assert web.get(f"/rooms/?group=own_{name}").status_code == 200, name
    assert found("room", "own_number", "gte", "4.6") == {hall}
    assert found("room", "own_number", "empty") == {bare}
    assert found("room", "own_choice", "any", "round") == {hall}
    assert found("room", "own_text", "contains", "hall (") == {hall}
    assert found("room", "own_money", "gt", "20 EUR") == {hall}
    assert found("room", "own_flag", "is", "yes") == {hall}
    assert found("room", "own_day", "is", "2026-02-01") == {hall}
    assert found("room", "own_moment", "gt", "2026-02-01") == {hall}


def test_the_api_serves_and_describes_it_and_takes_no_value(owner: User) -> None:
    every_type()
    room = create("room", **HALL)
    program = Program(owner)

    one = program.get(f"/rooms/{room}").json()
    assert {name: one[f"own_{name}"] for name in EVERY} == {n: v for n, (_t, v) in EVERY.items()}
    described = program.get("/openapi.json").json()["components"]["schemas"]["room"]["properties"]
    assert described["own_money"]["readOnly"] is True
    refused = program.patch(f"/rooms/{room}", {"own_text": "Mine"})
    assert refused.status_code in (403, 422)
    assert "own_text" in refused.content.decode()
    filtered = program.get("/rooms", {"where": "own_number>4 own_choice:round"}).json()
    assert [row["id"] for row in filtered["data"]] == [str(room)]


def test_forms_pages_and_history_leave_it_alone(web: Client) -> None:
    formula("worked", "seats * 2")
    room = create("room", **HALL)
    update("room", room, seats="9")

    assert "worked" in web.get(f"/rooms/{room}/").content.decode()
    assert 'name="worked"' not in web.get(f"/rooms/{room}/edit/").content.decode()
    assert 'name="worked"' not in web.get("/rooms/new/").content.decode()
    entries = history_of(HOUSE, "room", room)
    assert "worked" not in {one.field for entry in entries for one in getattr(entry, "lines", ())}
    assert read("room", room, "worked") == 18
    assert web.get(f"/rooms/{room}/history/").status_code == 200


def test_exports_carry_it_and_imports_leave_it_out(web: Client, owner: User) -> None:
    from rapport.records.imports.targets import choices_of

    formula("worked", "seats * 2")
    create("room", **HALL)

    file = b"".join(web.get("/rooms/export/?format=csv&columns=name,worked"))
    assert b"Hall,14" in file.replace(b'"', b"")
    assert "worked" not in dict(choices_of(principal_of(owner), registry.get("room")))


def test_whoever_may_not_read_a_field_reads_no_formula_made_of_it() -> None:
    make_field("decimal", "cost", readers=["owner"])
    make_field("decimal", "fee")
    formula("margin", "seats - cost")
    formula("indirect", 'if(margin > 0, "good", "bad")')
    formula("open", "seats - fee")
    create("room", **HALL, cost="1", fee="1")
    member = principal_of(make_user("Max Member", "member"))
    owner = principal_of(make_user())

    assert [reads(owner, name) for name in ("margin", "indirect", "open")] == [True] * 3
    assert [reads(member, name) for name in ("margin", "indirect", "open")] == [False, False, True]
    with pytest.raises(ConditionError, match="no field “indirect”"):
        compile_condition(Rule("indirect", "is", "good"), registry.get("room"), reader_of(member))


def reader_of(principal: Principal) -> Any:
    from rapport.records.reading import context_for

    return context_for(principal)


def test_it_is_as_personal_as_its_most_personal_field() -> None:
    make_field("text", "illness", personal="sensitive")
    formula("worked", 'if(illness = "", "well", "ill")')
    formula("again", 'worked & "!"')

    privacy = registry.get("room").fields["again"].privacy
    assert privacy
    assert privacy.level == "sensitive"


def test_a_circle_is_refused_by_name() -> None:
    one = formula("one", "seats + 1", label="One")
    formula("two", "one + 1", label="Two")
    three = formula("three", "[Two] + 1", label="Three")

    with pytest.raises(Rejected, match="“One” uses “Three”, which uses “Two”, which uses “One”"):
        change_field(one, {"formula": {"text": "three * 2"}}, NOBODY)
    with pytest.raises(Rejected, match="“Three” can't use itself"):
        change_field(three, {"formula": {"text": "three * 2"}}, NOBODY)
    assert CustomField.objects.get(pk=one.pk).formula["text"] == "seats + 1"


def test_a_field_that_a_formula_uses_stays_until_the_formula_is_gone(web: Client) -> None:
    fee = make_field("decimal", "fee")
    worked = formula("worked", "seats - fee", label="Margin")

    with pytest.raises(Rejected, match="“Margin”"):
        remove_field(fee, NOBODY)
    assert "Margin" in web.get(f"/setup/fields/{fee.pk}/remove/").content.decode()
    remove_field(worked, NOBODY)
    remove_field(fee, NOBODY)
    assert "worked" not in registry.get("room").fields


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"formula": {"text": "seatz"}}, "Did you mean"),
        ({"formula": {"text": " "}}, "Write a formula"),
        ({"formula": {"text": "seats", "places": 99}}, "decimals"),
        ({"formula": {"text": "seats", "as": "<b>"}}, "percent"),
        ({"formula": {"text": "seats", "evil": 1}}, "Write a formula"),
        ({"formula": {"text": "seats"}, "required": True}, "Nobody fills in"),
        ({"formula": {"text": "seats"}, "default": "1"}, "Nobody fills in"),
    ],
)
def test_what_it_can_not_be(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        make_field("formula", "worked", **facts)


def test_it_goes_on_giving_what_it_gave() -> None:
    worked = formula("worked", "seats * 2")
    formula("user", "worked + 1")

    with pytest.raises(Rejected, match="gave a number and would now give a text"):
        change_field(worked, {"formula": {"text": "name"}}, NOBODY)
    room = create("room", **HALL)
    change_field(worked, {"formula": {"text": "seats * 3", "places": 0}}, NOBODY)
    assert (read("room", room, "worked"), read("room", room, "user")) == (21, 22)


def test_numbers_that_are_too_large_are_blank_and_nothing_breaks() -> None:
    formula("worked", "area * area * area * area")
    room = create("room", name="Vast", area="99999999999999")
    update("room", room, area="99999999999998")

    assert read("room", room, "worked") is None
    assert found("room", "worked", "empty") == {room}


def plan_of(sort: str) -> str:
    rows = access.rows(HOUSE, "room")
    key = parse_sort(sort, registry.get("room"), frozenset(registry.get("room").fields)).key
    ordered = rows.annotate(_key=key).order_by("_key", "id").values_list("pk")[:5]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        sql, params = ordered.query.sql_with_params()
        cursor.execute(f"EXPLAIN (COSTS off) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def where_plan(name: str, op: str, value: str) -> str:
    where = compile_condition(Rule(name, op, value), registry.get("room"), reader())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = access.rows(HOUSE, "room").filter(where).values_list("pk")
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN (COSTS off) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_an_index_serves_filter_and_order_and_follows_the_formula() -> None:
    every_type()
    worked = formula("worked", "seats * 2")
    for number in range(20):
        create("room", name=f"R{number}", seats=str(number), built="2026-01-31")
    assert not parse_sort("worked", registry.get("room"), frozenset(["worked"])).indexed

    prepare()

    states = set(CustomField.objects.values_list("index", "index_problem"))
    assert states == {(CustomField.Index.READY, "")}
    first = index_of(worked.pk)
    assert len(first) == 1
    assert known_of(worked.pk) == first
    for name in (*(f"own_{name}" for name in EVERY if name != "flag"), "worked"):
        assert "Index" in plan_of(name), name
        assert "Index Cond" in where_plan("worked", "gt", "5")
    change_field(worked, {"formula": {"text": "seats * 4"}}, NOBODY)
    assert not registry.get("room").fields["worked"].index
    prepare()
    second = index_of(worked.pk)
    assert len(second) == 1
    assert first != second
    remove_field(worked, NOBODY)
    prepare()
    assert index_of(worked.pk) == known_of(worked.pk) == set()


def index_of(field: UUID) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE indexname LIKE %s", [f"cx_{field.hex}%"]
        )
        return {name for (name,) in cursor.fetchall()}


def known_of(field: UUID) -> set[str]:
    """The indexes of whose expression the planner keeps statistics."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stxname FROM pg_statistic_ext WHERE stxname LIKE %s", [f"cx_{field.hex}%"]
        )
        return {f"{name[:-1]}s" for (name,) in cursor.fetchall()}

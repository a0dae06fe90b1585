"""Every field of every object, and all that is related to it, can be asked as it is described."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q

from rapport.accounts.models import User
from rapport.accounts.principals import ALL_GRANTED, Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.conditions import (
    Changed,
    Condition,
    ConditionError,
    Measure,
    Related,
    Rule,
    Was,
    ask,
    describe_conditions,
    from_json,
    from_text,
    sentence,
    to_json,
    to_text,
)
from rapport.records.conditions.text.shaping import simplified
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.testing import create

pytestmark = pytest.mark.django_db
OBJECTS = registry.all_objects()
#: All kinds of fields stand in these; the others repeat them, in the long suite.
MANY_SIDED = ("company", "room", "deal", "person", "product", "quote", "lead", "task")
#: A type of field is asked at the first of them that has it, what is related at the first two.
ASKED_AT = {
    kind.type: one for one in reversed(MANY_SIDED) for kind in registry.get(one).fields.values()
}
every_object = pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(one, marks=[] if one.name in MANY_SIDED else pytest.mark.long)
        for one in OBJECTS
    ],
    ids=lambda one: one.name,
)
VALUES = {
    "percent": "5", "rating": "3", "duration": "1:30", "date": "2026-01-03", "boolean": "true",
    "datetime": "2026-01-03T10:00", "last_touch": "2026-01-03", "next_step": "2026-01-03",
    "money": "10", "integer": "3", "decimal": "1.5", "currency": "EUR",
    "owed": "10",
}  # fmt: skip


@pytest.fixture
def me() -> Principal:
    user = make_user()
    grants = {one.name: Grant(view=Scope.TEAM) for one in OBJECTS}
    return Principal("staff", user.pk, grants=grants, team_user_ids=(user.pk,))


def value_for(field: dict[str, Any], op: str) -> Any:
    """A right side for an operator, from no more than what is described."""
    if op in ("empty", "filled"):
        return None
    if op == "in":
        return "last_30_days"
    if op == "named":
        return "Somebody"
    one = VALUES.get(field["type"])
    if field.get("options"):
        one = field["options"][0]["value"]
    elif "object" in field or field["type"] in ("links", "deal_people", "employments"):
        one = f"{field.get('object') or 'person'}:{UUID(int=1)}"
        one = one if field["type"] == "links" else str(UUID(int=1))
    return [one or "x"] if op in ("any", "none") else one or "x"


def conditions(described: dict[str, Any], of: str, *, whole: bool) -> Iterator[Condition]:
    """All that is described; unless `whole`, of fields only one of each type."""
    some = list if whole else one_of_each_type
    for field in some(described["fields"]):
        if not whole and ASKED_AT.get(field["type"]) != of:
            continue
        for op in field["operators"]:
            rule = Rule(field["name"], op["name"], value_for(field, op["name"]))
            yield rule
            if field["has_past"]:
                yield Was(rule, "last_30_days")
        if field["has_past"]:
            yield Changed(field["name"], "last_month")
    sets = described["related"]
    for one in sets if whole or of in MANY_SIDED[:2] else sets[:1]:
        yield from related(one, some(one["fields"]))


def one_of_each_type(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({field["type"]: field for field in fields}.values())


def related(one: dict[str, Any], fields: list[dict[str, Any]]) -> Iterator[Condition]:
    name = one["name"]
    yield Related(name)
    yield Related(name, has="none")
    for field in fields:
        for op in field["operators"]:
            yield Related(name, Rule(field["name"], op["name"], value_for(field, op["name"])))
    for op in one["measures"].get("count", ()):
        yield Measure(name, "count", op, None if op in ("empty", "filled") else "2")


def measure_value(field: dict[str, Any], measure: str) -> str:
    if measure in ("latest", "earliest"):
        return "today"
    if field["type"] == "money":
        return "1" if field["base"] else "1 EUR"
    return "1:00" if field["type"] == "duration" else "1"


def run(found: list[Condition], declaration: type[Object], context: Context) -> None:
    """Have the database plan and run all of them, made for many records and for few."""
    wheres = [
        ask(one, declaration, context, few=few).where for one in found for few in (False, True)
    ]
    rows = access.rows(context.principal, declaration.name)
    for some in batched(wheres, 30):
        assert rows.filter(Q(*some, _connector=Q.OR)).count() >= 0


@every_object
@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.long)], ids=["types", "fields"]
)
def test_what_is_described_can_be_asked_written_and_told(
    declaration: type[Object], me: Principal, whole: bool
) -> None:
    context = Context(me, country="DE")
    described = describe_conditions(declaration, context)
    found = list(conditions(described, declaration.name, whole=whole))
    assert bool(found) is not declaration.for_administrators
    run(found, declaration, context)
    for condition in found:
        assert from_json(to_json(condition)) == condition
        assert sentence(condition, declaration, context)
        text = to_text(condition, declaration, context)
        assert from_text(text, declaration, context) == simplified(condition), text


@every_object
def test_fields_of_related_records_can_be_asked_and_measured(
    declaration: type[Object], me: Principal
) -> None:
    context = Context(me, country="DE")
    found: list[Condition] = []
    sets = describe_conditions(declaration, context)["related"]
    for number, one in enumerate(sets):
        far = describe_conditions(registry.get(one["object"]), context) if one["object"] else {}
        # Each way is tried with some of the fields: all with all would take minutes.
        for field in far.get("fields", [])[number % 4 :: 4]:
            op = field["operators"][-1]["name"]
            found.append(Rule(f"{one['name']}.{field['name']}", op, value_for(field, op)))
            found += [
                Measure(one["name"], measure, "gt", measure_value(field, measure), field["name"])
                for measure in ([] if one["is_one"] else field["measures"])
            ]
    run(found, declaration, context)


@every_object
def test_what_may_not_be_seen_is_neither_described_nor_asked(declaration: type[Object]) -> None:
    hidden = {one.name for one in OBJECTS if one is not declaration}
    grants = {"*": ALL_GRANTED, **{name: Grant() for name in hidden}}
    context = Context(Principal("staff", UUID(int=5), grants=grants))
    described = describe_conditions(declaration, context)
    assert {one["object"] for one in described["related"]} <= {declaration.name, ""}
    whole = Context(Principal("staff", UUID(int=5), grants={"*": ALL_GRANTED}))
    shown = {one["name"] for one in described["related"]}
    for one in describe_conditions(declaration, whole)["related"]:
        if one["name"] not in shown:
            with pytest.raises(ConditionError):
                ask(Related(one["name"]), declaration, context)
            with pytest.raises(ConditionError):
                ask(Rule(f"{one['name']}.name", "filled"), declaration, context)


def test_fields_made_of_other_records_leave_out_those_one_may_not_see() -> None:
    user = make_user()
    grants = {"*": ALL_GRANTED, "deal": Grant(view=Scope.OWN), "call": Grant(view=Scope.OWN)}
    grants["task"] = Grant(view=Scope.OWN)
    context = Context(Principal("staff", user.pk, grants=grants))
    company = create("company", name="Acme")
    stage = create("stage", pipeline=str(create("pipeline", label="P")), label="S", state="open")
    for owner, is_met in ((make_user(email="b@example.com"), False), (user, True)):
        create("deal", name="Big", company=str(company), stage=str(stage), owner=str(owner.pk))
        create("call", subject="A", at="2026-01-01", direction="in", about=f"company:{company}",
               owner=str(owner.pk))  # fmt: skip
        create(
            "task", subject="B", due="2026-01-01", about=f"company:{company}", owner=str(owner.pk)
        )
        for text in ("open_deals:filled", "last_touch:filled", "last_touch<last_14_days",
                     "next_step:filled", "activities:()", "tasks:()", "calls:()"):  # fmt: skip
            declaration = registry.get("company")
            condition = from_text(text, declaration, context)
            where = ask(condition, declaration, context).where
            assert access.rows(context.principal, "company").filter(where).exists() is is_met, text
    assert User.objects.count() == 2

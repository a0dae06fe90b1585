"""Whatever a program sends as a condition is asked or refused with a sentence."""

from __future__ import annotations

import json
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.accounts.principals import ALL_GRANTED, Principal
from rapport.records import access, registry
from rapport.records.conditions import (
    Changed,
    Condition,
    ConditionError,
    Rule,
    Was,
    ask,
    from_json,
    sentence,
    to_json,
    to_text,
)
from rapport.records.conditions.asking import read_where
from rapport.records.conditions.past import is_kept
from rapport.records.conditions.tree import MEASURES, OPERATORS
from rapport.records.kinds.base import Context
from rapport.records.kinds.time import Dated
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db
ROOMS = registry.get("room")
EVERYTHING = Principal("service", name="tests", grants={"*": ALL_GRANTED})
ZONES = ["UTC", "Pacific/Auckland", "America/Los_Angeles"]

names = st.sampled_from(
    [*ROOMS.fields, "parent.name", "rooms.seats", "id", "nothing", "activities.at", "seats.x", ""]
)
sets = st.sampled_from(
    ["rooms", "neighbours", "parent", "activities", "rentals", "rooms.rooms", "x", ""]
)
ODD: list[Any] = [
    "", "x", "0", "-1", "1e400", "NaN", "Infinity", "9" * 40, "0001-01-01", "9999-12-31",
     "0001-01-01..0001-01-02", "9999-12-30..9999-12-31", "..", "today", "last_36500_days",
     "next_1200_months", "me", "my_team", "1 EUR", "1 XXX", "a\x00b", "\ud800", "%", "_", "'", '"',
     "99999:59", "00000000-0000-7000-8000-000000000000", "room:x", "true", "{}",
]  # fmt: skip
odd = st.sampled_from(ODD)
plain = odd | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = (
    plain | st.lists(plain, max_size=3) | st.dictionaries(st.text(max_size=3), plain, max_size=2)
)
ops = st.sampled_from([*OPERATORS, "like", ""])
rules = st.fixed_dictionaries({"field": names, "op": ops}, optional={"value": values})
leaves = st.one_of(
    rules,
    st.fixed_dictionaries(
        {"changed": names}, optional={"from": values, "to": values, "when": values}
    ),
    st.fixed_dictionaries({"was": rules}, optional={"when": values}),
)


def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    where = {"where": inner}
    measured = {
        "related": sets, "measure": st.sampled_from([*MEASURES, "x"]), "op": ops, "value": values,
    }  # fmt: skip
    return st.one_of(
        st.dictionaries(st.sampled_from(["all", "any", "none"]), st.lists(inner, max_size=3),
                        min_size=1, max_size=1),
        st.fixed_dictionaries({"related": sets}, optional=where | {"has": st.just("none")}),
        st.fixed_dictionaries(measured, optional=where | {"of": names}),
        inner.map(lambda one: one | {"extra": 1} if isinstance(one, dict) else one),
    )  # fmt: skip


trees = st.recursive(leaves, wider, max_leaves=4) | values
check = settings(deadline=None, suppress_health_check=list(HealthCheck))
#: The same examples each time; the long suite looks for others.
steady = settings(check, derandomize=True)


@settings(steady, max_examples=150)
@given(tree=trees, zone=st.sampled_from(ZONES))
def test_anything_is_asked_or_refused(tree: Any, zone: str) -> None:
    asked_or_refused(tree, zone)


@pytest.mark.long
@settings(check, max_examples=5000)
@given(tree=trees, zone=st.sampled_from(ZONES))
def test_anything_is_asked_or_refused_for_long(tree: Any, zone: str) -> None:
    asked_or_refused(tree, zone)


def asked_or_refused(tree: Any, zone: str) -> None:
    context = Context(EVERYTHING, timezone=ZoneInfo(zone))
    try:
        condition = from_json(tree)
        where = ask(condition, ROOMS, context).where
    except ConditionError as refused:
        assert_says_why(refused)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    assert access.rows(HOUSE, "room").filter(where).count() >= 0
    assert from_json(to_json(condition)) == condition
    assert sentence(condition, ROOMS, context)
    assert to_text(condition, ROOMS, context) is not None


#: One field of each type, by one clock; the others say the same, in the long suite.
OF_EACH_TYPE = {kind.type: (name, ZONES[0]) for name, kind in ROOMS.fields.items()}


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        pytest.param(*one, marks=[] if OF_EACH_TYPE[kind.type] == one else pytest.mark.long)
        for name, kind in ROOMS.fields.items()
        for zone in (ZONES if isinstance(kind, Dated) else ZONES[:1])
        for one in [(name, zone)]
        if kind.operators
    ],
)
def test_every_field_takes_or_refuses_every_odd_value(name: str, zone: str) -> None:
    context = Context(EVERYTHING, timezone=ZoneInfo(zone))
    kind = ROOMS.fields[name]
    rules = [Rule(name, op, value) for op in kind.operators for value in (*ODD, None, [], ["x"])]
    past = [Was(rule) for rule in rules] if is_kept(kind) else []
    changes = [Changed(name, "", rule.value, None) for rule in rules] if is_kept(kind) else []
    every: list[Condition] = [*rules, *past, *changes]
    wheres = [where for one in every if (where := where_of(one, context))]
    rows = access.rows(HOUSE, "room")
    for some in batched(wheres, 25):
        assert rows.filter(Q(*some, _connector=Q.OR)).count() >= 0


def assert_says_why(refused: ConditionError) -> None:
    assert str(refused)


def where_of(condition: Condition, context: Context) -> Q | None:
    try:
        return ask(condition, ROOMS, context).where
    except ConditionError:
        return None


@settings(steady, max_examples=200)
@given(text=st.text(max_size=30) | trees.map(json.dumps))
def test_any_text_of_an_address_is_read_or_refused(text: str) -> None:
    try:
        read_where(text, ROOMS, Context(EVERYTHING))
    except ConditionError as refused:
        assert_says_why(refused)


@pytest.fixture(autouse=True)
def rooms() -> None:
    """Values that are compared, and a log that is read."""
    hall = create("room", name="Hall", seats="1", built="2026-01-01", shape="round")
    create("room", name="Blue", parent=str(hall), price="5 EUR", cleaned_at="2026-01-01T10:00")

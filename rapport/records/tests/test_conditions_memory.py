"""What a form can tell of values that are not stored is what the database would tell of them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.accounts.principals import ALL_GRANTED, Principal
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.conditions import Condition, ConditionError, Group, Rule, holds, matches
from rapport.records.folding import fold
from rapport.records.kinds.base import Context
from rapport.records.reading import context_for, parse_sort, read_page
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
ROOMS = registry.get("room")
FIELDS = tuple(
    name for name, kind in ROOMS.fields.items()
    if (kind.stored and kind.path == name) or name in ("owner", "parent")
)  # fmt: skip
TEXTS = ["", "Ärger", "arger", "ARGER", "Straße", "strasse", "İstanbul", "ΣΟΦΟΣ", "σοφος", "a_b",
         "100%", "\\", "½", "ﬁn", "Łódź", "́", "b", " x "]  # fmt: skip
ZONES = ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"]
type Made = tuple[Mapping[UUID, Mapping[str, Any]], Principal, list[UUID]]


@pytest.fixture
def made() -> Made:
    """Rooms of all sorts, by key, with somebody who owns some."""
    owners = [make_user().pk, make_user(email="bo@example.com").pk]
    chance = random.Random(11)
    keys: list[UUID] = []
    for _number in range(80):
        with change(HOUSE, via="test") as doing:
            keys.append(doing.create("room", some_values(chance, owners, keys)))
    me = Principal("staff", owners[0], grants={"*": ALL_GRANTED}, team_user_ids=(owners[0],))
    page = read_page(
        access.rows(HOUSE, "room"), ROOMS, FIELDS, parse_sort("", ROOMS, frozenset(ROOMS.fields)),
        context_for(HOUSE), limit=200,
    )  # fmt: skip
    return {row.id: row.values for row in page.rows}, me, [*owners, *keys]


def some_values(
    chance: random.Random, owners: Sequence[UUID], rooms: Sequence[UUID]
) -> dict[str, Any]:
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "name": chance.choice(TEXTS) or "x",
        "notes": chance.choice(TEXTS),
        "website": chance.choice(["", "https://a.example/"]),
        "seats": chance.choice([None, 0, 1, 2, 5]),
        "area": chance.choice([None, Decimal("1.5"), Decimal(2)]),
        "price": chance.choice([None, (Decimal(10), "EUR"), (Decimal(10), "USD"),
                                (Decimal(3), "EUR")]),
        "used": chance.choice([None, Decimal(0), Decimal(50)]),
        "is_open": chance.choice([True, False]),
        "built": chance.choice([None, date(2026, 1, 3), (now + timedelta(
            days=chance.randint(-40, 40))).date()]),
        "cleaned_at": chance.choice([None, now + timedelta(hours=chance.randint(-900, 900))]),
        "slot": chance.choice([None, timedelta(0), timedelta(hours=1)]),
        "shape": chance.choice(["", "round", "square"]),
        "equipment": chance.choice([[], ["screen"], ["phone", "screen"]]),
        "parent": chance.choice([None, *rooms]),
        "owner": chance.choice([None, *owners]),
        "stars": chance.choice([None, 1, 5]),
        "plan": chance.choice([None, {"a": 1}]),
    }  # fmt: skip
    return {
        name: value for name, value in values.items() if chance.random() > 0.1 or name == "name"
    }


texts = st.sampled_from(TEXTS) | st.text(max_size=3).filter(lambda text: "\x00" not in text)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str) | st.sampled_from(
    ["today", "tomorrow", "2026-01-03"]
)
periods = st.sampled_from(
    ["today", "yesterday", "this_week", "last_30_days", "next_month", "this_fiscal_quarter",
     "past", "future", "2026-01-01..2026-06-30", "..2026-01-03", "last_7_days"]
)  # fmt: skip
moments = days | st.builds(
    "{}T{:02}:{:02}".format, days.filter(lambda day: day[0] == "2"), st.integers(0, 23),
    st.integers(0, 59)
)  # fmt: skip
numbers = st.sampled_from(["0", "1", "2", "1.5", "10", "-1"])
whole = st.sampled_from(["0", "1", "2", "5"])
edges = st.sampled_from(["today", "last_month", "next_7_days", "this_year"])


def ops(field: str, values: st.SearchStrategy[Any], *names: str) -> st.SearchStrategy[Rule]:
    return st.builds(Rule, st.just(field), st.sampled_from(names), values)


def rules(keys: Sequence[UUID]) -> st.SearchStrategy[Rule]:
    key = st.sampled_from([str(one) for one in keys])
    lists = st.lists(texts, max_size=3)
    shapes = st.sampled_from(["round", "square", ""])
    things = st.sampled_from(["screen", "phone"])
    order = ("gt", "gte", "lt", "lte")
    known = ("empty", "filled")
    return st.one_of(
        ops("name", texts, "is", "not", "contains", "starts", *known),
        ops("name", lists, "any", "none"),
        ops("notes", texts, "contains", *known),
        ops("website", st.sampled_from(["", "https://A.example/", "a.ex"]), "is", "contains",
            *known),
        ops("seats", whole, "is", "not", *order, *known),
        ops("area", numbers, "is", "not", *order, *known),
        ops("price", numbers | st.sampled_from(["10 EUR", "10 USD", "3 EUR"]), "is", "not", *order,
            *known),
        ops("used", numbers.filter(lambda text: text[0] != "-"), "is", "not", *order, *known),
        ops("stars", st.sampled_from(["1", "5"]), "is", *order, *known),
        ops("is_open", st.sampled_from(["true", "false"]), "is"),
        ops("built", periods, "in"),
        ops("built", days | edges, *order),
        ops("built", days, "is", *known),
        ops("cleaned_at", periods, "in"),
        ops("cleaned_at", moments | edges, *order),
        ops("cleaned_at", moments, "is", *known),
        ops("slot", st.sampled_from(["0", "1:00", "90"]), *order, *known),
        ops("shape", shapes, "is", "not", *known),
        ops("shape", st.lists(shapes, min_size=1, max_size=2), "any", "none"),
        ops("equipment", things, "is", *known),
        ops("equipment", st.lists(things, max_size=2), "any", "none"),
        ops("owner", key | st.sampled_from(["me", "my_team", ""]), "is", "not", *known),
        ops("owner", st.lists(key | st.just("me"), min_size=1, max_size=3), "any", "none"),
        ops("parent", key | st.just(""), "is", "not", *known),
        ops("plan", st.none(), *known),
        ops("currency", st.sampled_from(["EUR", "USD"]), "is", "not"),
    )  # fmt: skip


def trees(keys: Sequence[UUID]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        rules(keys),
        lambda inner: st.builds(
            lambda parts, mode: Group(tuple(parts), mode),
            st.lists(inner, max_size=3), st.sampled_from(["all", "any", "none"]),
        ),
        max_leaves=5,
    )  # fmt: skip


check = settings(deadline=None, suppress_health_check=list(HealthCheck))
#: The same examples each time; the long suite looks for others.
steady = settings(check, derandomize=True)


@settings(steady, max_examples=60)
@given(data=st.data())
def test_a_form_tells_what_the_database_tells(made: Made, data: st.DataObject) -> None:
    agree(made, data)


@pytest.mark.long
@settings(check, max_examples=4000)
@given(data=st.data())
def test_a_form_tells_what_the_database_tells_for_long(made: Made, data: st.DataObject) -> None:
    agree(made, data)


def agree(made: Made, data: st.DataObject) -> None:
    rooms, me, keys = made
    zone = data.draw(st.sampled_from(ZONES))
    context = Context(me, timezone=ZoneInfo(zone), first_weekday=7, fiscal_month=4)
    tree = data.draw(trees(keys))
    told = {key for key, values in rooms.items() if holds(tree, values, ROOMS, context)}
    assert told == matches(tree, ROOMS, rooms, context)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("parent.name", "is", "x"),
        Rule("parent", "named", "x"),
        Rule("caption", "contains", "x"),
        Rule("neighbours", "empty"),
        Rule("nothing", "is", 1),
        Rule("seats", "like", 1),
        Rule("seats", "gt", ""),
    ],
)
def test_what_a_form_can_not_tell_is_refused(rule: Rule) -> None:
    with pytest.raises(ConditionError) as refused:
        holds(Group((Rule("seats", "is", 5), rule), "all"), {}, ROOMS, context_for(HOUSE))
    assert str(refused.value).endswith((".", "?"))


def test_every_letter_is_folded_as_the_database_folds_it() -> None:
    letters = [
        chr(number) for number in range(1, 0x30000)
        if unicodedata.category(chr(number)) not in ("Cn", "Cs", "Co")
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one, rapport_fold(one || 'a' || one || 'a ' || one) "
            "FROM unnest(%s::text[]) AS one",
            [letters],
        )
        told = cursor.fetchall()
    wrong = [(one, found) for one, found in told if fold(f"{one}a{one}a {one}") != found]
    assert wrong == []

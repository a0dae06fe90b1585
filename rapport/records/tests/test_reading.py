"""Pages of records: order, keyset, conditions, counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from rapport.accounts.principals import Principal, service
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, compile_condition, from_json, from_query
from rapport.records.reading import BadCursor, context_for, count, parse_sort, read_page
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
ROOMS = registry.get("room")
ROWS = [
    ("Ärger", 4, "round", date(2026, 1, 3)),
    ("zebra", None, "", None),
    ("Apfel 100%", 2, "square", date(2025, 5, 5)),
    ("apfel_x", 2, "square", None),
    ("Łódź", 9, "round", date(2026, 1, 3)),
]


@pytest.fixture
def rooms() -> None:
    with change(HOUSE, via="test") as made:
        for name, seats, shape, built in ROWS:
            made.create(
                "room",
                {"name": name, "seats": seats, "shape": shape, "built": built, "price": seats},
            )


def names(query: str = "", sort: str = "", size: int = 50) -> list[str]:
    """Names of all pages, walked forward by cursor."""
    context = context_for(HOUSE)
    condition = compile_condition(from_query(QueryDict(query)), ROOMS, context)
    found, after = [], ""
    while True:
        page = read_page(
            access.rows(HOUSE, "room").filter(condition), ROOMS, ["name"],
            parse_sort(sort, ROOMS, frozenset(ROOMS.fields)), context, after=after, limit=size,
        )  # fmt: skip
        found += [row.values["name"] for row in page.rows]
        if not page.next:
            return found
        after = page.next


@pytest.mark.parametrize(
    "sort", ["name", "-name", "seats", "-seats", "built", "-price", "shape", "updated_at"]
)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_order_walks_every_row_once_at_every_page_size(
    rooms: None, sort: str, size: int
) -> None:
    assert names(sort=sort, size=size) == names(sort=sort, size=50)
    assert len(set(names(sort=sort, size=size))) == len(ROWS)


def test_names_are_ordered_without_case_and_accents(rooms: None) -> None:
    assert names(sort="name") == ["Apfel 100%", "apfel_x", "Ärger", "Łódź", "zebra"]


def test_a_page_back_is_the_page_that_was_before(rooms: None) -> None:
    context, sort = context_for(HOUSE), parse_sort("name", ROOMS, frozenset(ROOMS.fields))
    rows = access.rows(HOUSE, "room")
    first = read_page(rows, ROOMS, ["name"], sort, context, limit=2)
    second = read_page(rows, ROOMS, ["name"], sort, context, after=first.next or "", limit=2)
    back = read_page(rows, ROOMS, ["name"], sort, context, before=second.previous or "", limit=2)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]
    assert back.previous is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name.contains=ARGER", {"Ärger"}),
        ("name.contains=100%25", {"Apfel 100%"}),
        ("name.contains=l_x", {"apfel_x"}),
        ("name.starts=apf", {"Apfel 100%", "apfel_x"}),
        ("name=łodz", {"Łódź"}),
        ("name.any=zebra,arger", {"zebra", "Ärger"}),
        ("seats=2", {"Apfel 100%", "apfel_x"}),
        ("seats.gt=3", {"Ärger", "Łódź"}),
        ("seats.empty=", {"zebra"}),
        ("shape=round&seats.lt=5", {"Ärger"}),
        ("shape.none=round,square", {"zebra"}),
        ("shape.empty=", {"zebra"}),
        ("built.gte=2026-01-01", {"Ärger", "Łódź"}),
        ("built.empty=", {"zebra", "apfel_x"}),
        ("price.gte=4", {"Ärger", "Łódź"}),
    ],
)
def test_conditions_of_an_address(rooms: None, query: str, found: set[str]) -> None:
    assert set(names(query)) == found


def test_groups_nest(rooms: None) -> None:
    tree = {
        "any": [
            {"field": "name", "value": "zebra"},
            {"none": [{"field": "seats", "op": "lt", "value": 9}]},
        ]
    }
    condition = compile_condition(from_json(tree), ROOMS, context_for(HOUSE))
    assert set(Room.objects.filter(condition).values_list("name", flat=True)) == {"zebra", "Łódź"}


@pytest.mark.parametrize(
    "query",
    [
        "nothing=1",
        "name.gt=a",
        "seats=many",
        "built=13/14/2026",
        "shape=oval",
        "deleted_at=x",
        "custom=x",
    ],
)
def test_a_condition_that_cannot_be_asked_is_a_sentence(query: str) -> None:
    with pytest.raises(ConditionError) as refused:
        compile_condition(from_query(QueryDict(query)), ROOMS, context_for(HOUSE))
    assert str(refused.value).endswith((".", "?"))


def test_a_field_one_may_not_read_is_answered_like_one_that_is_not_there() -> None:
    nobody = context_for(Principal(kind="staff"))
    answers = set()
    for field in ("seats", "nothing"):
        with pytest.raises(ConditionError) as refused:
            compile_condition(from_json({"field": field, "value": 1}), ROOMS, nobody)
        answers.add(str(refused.value).replace(field, "…"))
    assert len(answers) == 1


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WyJhIl0", "W251bGwsbnVsbCxudWxsLG51bGxd", "é"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    sort = parse_sort("name", ROOMS, frozenset(ROOMS.fields))
    with pytest.raises(BadCursor):
        read_page(
            access.rows(HOUSE, "room"), ROOMS, ["name"], sort, context_for(HOUSE), after=cursor
        )


def test_small_counts_are_exact(rooms: None) -> None:
    total = count(access.rows(HOUSE, "room"))
    assert (total.value, total.exact) == (5, True)


def test_values_survive_a_round_through_json_and_through_text() -> None:
    context = context_for(HOUSE)
    money = ROOMS.fields["price"]
    assert money.parse("1,200.50 EUR", context) == (Decimal("1200.50"), "EUR")
    assert money.parse(money.export((Decimal("-3.50"), "USD"), context), context) == (
        Decimal("-3.50"),
        "USD",
    )
    assert money.parse(money.json((Decimal(7), "EUR")), context) == (Decimal(7), "EUR")

"""What conditions cost: one statement, joins in place of a look-up for each row, indexes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models import Model
from psycopg.errors import QueryCanceled

from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json, from_text, matches
from rapport.records.conditions.related import sets_of
from rapport.records.declare import Object
from rapport.records.reading import context_for
from rapport.records.sql import column_at, column_of
from rapport.records.surfaces.api.problems import problem_of
from rapport.records.testing import HOUSE, Statements, create, reader

pytestmark = pytest.mark.django_db
COMPANY = registry.get("company")


def plan(text: str, declaration: type[Object]) -> str:
    """The planner's way, where it may not read a whole table if an index will do."""
    where = ask(from_text(text, declaration, reader()), declaration, reader()).where
    rows = access.rows(HOUSE, declaration.name).filter(where)
    sql, params = rows.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (COSTS off) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    "text",
    [
        "deals:(state:open amount>10000)",
        "-deals:(state:open)",
        "people:(deals:(state:open))",
        "people:(-deals:(state:open))",
        "-activities:(at:last_14_days)",
        "parent.city:Madrid",
        "parent.city!=Madrid",
        "parent:Acme",
        "count(deals)>3",
        "count(deals)<3",
        "sum(deals.amount where state:open)>10",
        "latest(activities.at)<last_14_days",
        "count(people where deals:(state:open))>1",
        "tasks:(status:open)",
        "changed(city during last_30_days)",
    ],
)
def test_lists_are_joined_and_not_looked_up_row_by_row(text: str) -> None:
    found = plan(text, COMPANY)
    assert "Join" in found or "Nested Loop" in found, found
    assert "SubPlan" not in found, found


LEADING = """
    SELECT a.attname FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = %s::regclass
"""


@pytest.mark.parametrize("declaration", registry.all_objects(), ids=lambda one: one.name)
def test_related_rows_are_found_by_an_index(declaration: type[Object]) -> None:
    """So that a few records are tested, and pages filled, without reading whole tables."""
    for related in sets_of(declaration).values():
        rows, _key = related.rows(HOUSE)
        model: type[Model] = rows.model
        near = column_of(column_at(model, related.near))
        with connection.cursor() as cursor:
            cursor.execute(LEADING, [model._meta.db_table])
            assert near in {name for (name,) in cursor.fetchall()}, related.name


def test_any_condition_is_one_statement() -> None:
    text = (
        "deals:(state:open amount>10000) -activities:(at:last_14_days) count(people)<3 "
        "parent:Acme owner:Ana latest(calls.at)<today (changed(city) or was(city:Oslo))"
    )
    condition = from_text(text, COMPANY, reader())
    with Statements() as sent:
        matches(condition, COMPANY, [create("company", name="Acme")], context_for(HOUSE))
    selected = [one for one in sent.statements if one.startswith("SELECT") and "deal" in one]
    assert len(selected) == 1


def test_a_written_filter_costs_a_page_no_statement() -> None:
    browser = signed_in(make_user())
    create("person", name="Ana Ruiz", city="Oslo")

    def sent(query: str) -> int:
        browser.get(f"/people/?{query}")
        with Statements() as made:
            assert browser.get(f"/people/?{query}").status_code == 200
        return len(made.statements)

    plain = sent("city=Oslo")
    assert sent("where=city:Oslo -deals:() count(calls):0") == plain
    assert sent("q=city:Oslo -deals:()") == plain


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"all": [{"field": "city", "value": "x"}] * 250}, "parts at most"),
        ({"any": [{"related": "deals"}] * 25}, "times at most"),
        ({"field": ".".join(["parent"] * 8)}, "in a row at most"),
        ({"related": ".".join(["people"] * 7)}, "in a row at most"),
    ],
    ids=["parts", "related", "path", "hops"],
)
def test_a_condition_that_asks_too_much_is_refused(tree: dict[str, Any], words: str) -> None:
    with pytest.raises(ConditionError) as refused:
        from_json(tree)
    assert words in str(refused.value)


def test_a_condition_that_takes_too_long_is_told_to_be_narrowed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")
        with pytest.raises(OperationalError) as slow:
            cursor.execute("SELECT pg_sleep(5)")
    assert isinstance(slow.value.__cause__, QueryCanceled)
    answer = problem_of(slow.value)
    assert answer is not None
    assert answer.status_code == 422
    assert problem_of(OperationalError("the server is gone")) is None

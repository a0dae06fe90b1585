"""Formulas that change with the day: shown as they are, asked as ranges of their date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from rapport.accounts.models import Workspace
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, Rule, compile_condition
from rapport.records.metadata.indexes import prepare
from rapport.records.testing import HOUSE, create, found, read, reader
from rapport.records.tests.fields import make_field
from rapport.records.tests.formulas import formula

pytestmark = pytest.mark.django_db
ZONE = "Pacific/Kiritimati"


@pytest.fixture(autouse=True)
def far_east() -> None:
    """Days begin there fourteen hours before they do in London."""
    Workspace.objects.update(timezone=ZONE)


def today() -> date:
    return datetime.now(tz=UTC).astimezone(ZoneInfo(ZONE)).date()


def rooms() -> dict[str, Any]:
    """Rooms built so many days ago; one without a day."""
    made: dict[str, Any] = {
        str(days): create(
            "room",
            name=str(days),
            built=str(today() - timedelta(days=days)),
            cleaned_at=f"{datetime.now(tz=UTC) - timedelta(days=days):%Y-%m-%dT%H:%MZ}",
        )
        for days in (-1, 0, 30, 31)
    }
    return {**made, "none": create("room", name="none")}


NUMBERS = [
    "days_between(built, today())",
    "today() - built",
    "today() - built + 5 - 5",
    "days_between(cleaned_at, today())",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_of_days_are_asked_as_ranges(text: str) -> None:
    formula("age", text)
    made = rooms()
    names = {key: name for name, key in made.items()}

    def asked(op: str, value: str = "") -> set[str]:
        return {names[key] for key in found("room", "age", op, value)}

    assert read("room", made["30"], "age") == 30
    assert asked("gt", "30") == asked("gt", "30.5") == {"31"}
    assert asked("gte", "30") == asked("gte", "29.5") == {"30", "31"}
    assert asked("lt", "0") == {"-1"}
    assert asked("lte", "0") == {"-1", "0"}
    assert asked("is", "30") == {"30"}
    assert asked("empty") == {"none"}
    assert asked("filled") == {"-1", "0", "30", "31"}


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("built < today()", {"30", "31"}),
        ("today() > built", {"30", "31"}),
        ("built + 30 <= today()", {"30", "31"}),
        ("cleaned_at < now()", {"0", "30", "31"}),
        ("cleaned_at = today()", {"0"}),
        ("not (built >= today())", {"30", "31", "none"}),
        ('days_between(built, today()) > 30 or name = "none"', {"31", "none"}),
        ('built < today() and name <> "30"', {"31"}),
    ],
)
def test_yes_or_no_is_what_it_shows(text: str, yes: set[str]) -> None:
    formula("late", text)
    made = rooms()
    shown = {name for name, key in made.items() if read("room", key, "late")}

    assert shown == yes
    assert found("room", "late", "is", "yes") == {made[name] for name in yes}
    assert found("room", "late", "is", "no") == {made[name] for name in made.keys() - yes}


@pytest.mark.parametrize("text", ["year(today()) - year(built)", "if(built < today(), 1, 2)"])
def test_what_is_no_range_is_refused_with_the_reason(text: str) -> None:
    formula("age", text)

    with pytest.raises(ConditionError, match="changes with the day"):
        found("room", "age", "gt", "1")


@pytest.mark.django_db(transaction=True)
def test_the_index_of_the_date_serves() -> None:
    make_field("date", "due")
    make_field("datetime", "seen")
    formula("late", "days_between(due, today()) > 30")
    formula("quiet", "days_between(seen, today()) > 30")
    prepare()

    for name, column in (("late", "rapport_custom_day"), ("quiet", "rapport_custom_moment")):
        found_by = plan_of(Rule(name, "is", "yes")).partition("Index Cond:")[2].partition("\n")[0]
        assert column in found_by or "CASE" in found_by, name


def plan_of(rule: Rule) -> str:
    where = compile_condition(rule, registry.get("room"), reader())
    rows = access.rows(HOUSE, "room").filter(where).values_list("pk")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN (COSTS off) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())

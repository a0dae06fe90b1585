"""The language of formulas: what is read, what is refused and where, and what it gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rapport.records.expressions import FormulaError
from rapport.records.expressions.functions import FUNCTIONS
from rapport.records.testing import create
from rapport.records.tests.formulas import all_worked_out, checked, worked_out

pytestmark = pytest.mark.django_db


def refusal(text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        checked(text)
    return caught.value


def test_every_function_gives_what_its_example_says() -> None:
    create("room", name="One")
    functions = list(FUNCTIONS.values())

    (row,) = all_worked_out([f"text({one.example[0]})" for one in functions])

    assert dict(zip([one.name for one in functions], row, strict=True)) == {
        one.name: one.example[1] for one in functions
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", Decimal(5)),
        ("(1 + 2) * 3", Decimal(9)),
        ("- -3 - -2", Decimal(5)),
        ("=10%", Decimal("0.1")),
        ('1 = 1 and not 2 = 3 or "a" = "b"', True),
        ("1 / 0", None),
        ("seats + 1", None),
        ("seats = blank()", True),
        ("seats < 1", False),
        ("not (seats < 1)", True),
        ('shape = ""', True),
        ('name & seats & "!"', "Hall!"),
        ('"a""b" & \'c\'', 'a"bc'),
        ('"100% %s {} \\ \'"', "100% %s {} \\ '"),
        ("built + 1", None),
        ("date(2026, 2, 30)", None),
        ("date(2026, 12, 31) + 3000000", None),
        ("add_months(date(9999, 11, 30), 12)", None),
        ("99999999999999999 * 99999999999999999 > 1", True),
        ("left(name, -5)", ""),
        ("mid(name, 0, 2)", "Ha"),
        ('number("x") + 1', None),
        ("round(1234.5, -99)", Decimal(0)),
        ("days_between(cleaned_at, date(2026, 7, 2))", Decimal(1)),
        ("hour(cleaned_at)", Decimal(1)),
        ("cleaned_at - cleaned_at", Decimal(0)),
        ('contains(equipment, "Screen")', True),
        ('contains(equipment, "phone")', False),
        ("slot * 2", Decimal(3)),
        ("is_blank(parent)", True),
        ("coalesce(seats, used, 4)", Decimal(4)),
        ('switch(shape, "Round", 1, "Square", 2, 3)', Decimal(3)),
        ("text(shape)", ""),
        ("min(seats, 3)", Decimal(3)),
    ],
)  # fmt: skip
def test_values_and_blanks(text: str, value: Any) -> None:
    # Half past eleven at night in London is the next day in Madrid.
    create("room", name="Hall", cleaned_at="2026-06-30T23:30:00Z", equipment="screen", slot="1:30")

    assert worked_out(text) == [value]


@pytest.mark.parametrize(
    ("text", "character", "words"),
    [
        ("", 0, "A value is missing"),
        ("1 +", 3, "A value is missing"),
        ("(1 + 2", 6, "parenthesis that begins at character 1"),
        ("1)", 1, "closes nothing"),
        ("seats 2", 6, "operator"),
        ('"abc', 0, "quotes that begin here"),
        ("[abc", 0, "bracket"),
        ("1.2.3", 0, "Write numbers like"),
        ("seatz + 1", 0, "Did you mean “seats”?"),
        ("rond(1)", 0, "Did you mean “round”?"),
        ("round()", 0, "round(number, decimals)"),
        ('1 + "a"', 4, "number(…)"),
        ('"a" + "b"', 0, "joined with &"),
        ("price + 1", 8, "money(100"),
        ('price + money(1, "EUR")', 8, "base(…)"),
        ("price * price", 6, "amount(…)"),
        ("if(seats, 1, 2)", 3, "yes or no"),
        ('if(true, 1, "a")', 12, "a number"),
        ('shape = "Oval"', 8, "They are: Round, Square"),
        ("notes", 0, "can't be used"),
        ("equipment", 0, "several choices"),
        ("parent", 0, "another record"),
        ("blank()", 0, "never gives a value"),
        ("base(price)", 5, "base(…)"),
        ('money(1, "XXQ")', 9, "EUR"),
        ("a.b.", 4, "behind the dot"),
        ("name < name", 0, "more or less"),
        ("abs(1, 2)", 0, "abs(number)"),
        ('built > "31.1.2026"', 8, "2026-01-31"),
        ("sum(name)", 4, "a number"),
        ("1, 2", 1, "comma"),
    ],
)
def test_a_fault_names_its_character_and_the_repair(text: str, character: int, words: str) -> None:
    found = refusal(text)

    assert found.character == character
    assert words in str(found)


def test_a_formula_is_bounded() -> None:
    assert "2000" in str(refusal("1" * 2001))
    assert "nested" in str(refusal("(" * 40 + "1" + ")" * 40))
    assert "nested" in str(refusal("not " * 40 + "true"))
    assert "nested" in str(refusal("-" * 40 + "1"))
    assert "parts" in str(refusal("+".join(["1"] * 200)))
    assert "stored" in str(refusal('"\x00"'))


def test_values_in_a_formula_are_never_sql() -> None:
    create("room", name="One")
    evil = "'); DROP TABLE sample_room; --"

    assert worked_out(f'"{evil}"') == [evil]
    assert worked_out('upper("a") & \'" || version() || "\'') == ['A" || version() || "']


def test_a_date_may_stand_in_quotes_and_be_compared() -> None:
    create("room", name="One", built="2026-01-31")

    assert worked_out('built > "2026-01-30" and built - "2026-01-01" = 30') == [True]
    assert worked_out("end_of_month(built)") == [date(2026, 1, 31)]

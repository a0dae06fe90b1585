"""Formulas of all shapes against a small reference: each is made with what it should give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.records.expressions import FormulaError, parse
from rapport.records.folding import fold
from rapport.records.testing import create
from rapport.records.tests.formulas import all_worked_out, checked

pytestmark = pytest.mark.django_db
HOUSE_RULES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

type Row = Mapping[str, Any]


class Made(NamedTuple):
    """A formula, and what it gives for a row."""

    text: str
    gives: Callable[[Row], Any]


ROWS: list[dict[str, Any]] = [
    {"name": "Bare", "seats": None, "area": None, "built": None, "is_open": False, "shape": ""},
    {"name": "Ávila", "seats": 7, "area": Decimal("2.5"), "built": date(2024, 2, 29),
     "is_open": True, "shape": "round"},
    {"name": "50% %s", "seats": -3, "area": Decimal(0), "built": date(1999, 12, 31),
     "is_open": False, "shape": "square"},
]  # fmt: skip


def field(name: str) -> Made:
    return Made(name, lambda row: row[name])


def both(one: Any, other: Any, make: Callable[[Any, Any], Any]) -> Any:
    return None if one is None or other is None else make(one, other)


def infix(sign: str, make: Callable[[Any, Any], Any]) -> Callable[[Made, Made], Made]:
    def join(a: Made, b: Made) -> Made:
        return Made(f"({a.text} {sign} {b.text})", lambda row: make(a.gives(row), b.gives(row)))

    return join


def called(name: str, make: Callable[..., Any]) -> Callable[..., Made]:
    def call(*parts: Made) -> Made:
        text = f"{name}({', '.join(part.text for part in parts)})"
        return Made(text, lambda row: make(*(part.gives(row) for part in parts)))

    return call


def shifted(day: Any, n: Any) -> Any:
    try:
        return both(day, n, lambda d, k: d + timedelta(days=int(k)))
    except OverflowError:
        return None


def least(*values: Any) -> Any:
    return min((one for one in values if one is not None), default=None)


def near(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda a, b: a is not None and b is not None and test(a, b)


def chosen(test: Any, one: Any, other: Any) -> Any:
    return one if test else other


def halves(value: Any, parts: Any) -> Any:
    return both(value, parts, lambda a, b: a / b if b else None)


whole = st.integers(-9, 9).map(
    lambda n: Made(str(n) if n >= 0 else f"({n})", lambda _row: Decimal(n))
)
numbers = st.one_of(whole, st.just(field("seats")), st.just(field("area")))
texts = st.one_of(
    st.text("aÁ %s{}'\\", max_size=4).map(
        lambda t: Made('"' + t.replace('"', '""') + '"', lambda _row: t)
    ),
    st.just(field("name")),
)
march = Made("date(2025, 3, 1)", lambda _row: date(2025, 3, 1))
days = st.one_of(st.just(field("built")), st.just(march))
flags = st.one_of(st.just(field("is_open")), st.just(Made("true", lambda _row: True)))


def grown(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One step up: each kind of formula made of smaller ones of every kind."""
    n = children.map(lambda four: four[0])
    t = children.map(lambda four: four[1])
    d = children.map(lambda four: four[2])
    f = children.map(lambda four: four[3])
    divisors = st.sampled_from([0, 2, 4]).map(lambda k: Made(str(k), lambda _row: Decimal(k)))
    number = st.one_of(
        st.builds(infix("+", lambda a, b: both(a, b, lambda x, y: x + y)), n, n),
        st.builds(infix("-", lambda a, b: both(a, b, lambda x, y: x - y)), n, n),
        st.builds(infix("*", lambda a, b: both(a, b, lambda x, y: x * y)), n, n),
        st.builds(infix("/", halves), n, divisors),
        st.builds(infix("-", lambda a, b: both(a, b, lambda x, y: Decimal((x - y).days))), d, d),
        st.builds(called("min", least), n, n),
        st.builds(called("length", lambda a: Decimal(len(a))), t),
        st.builds(called("if", chosen), f, n, n),
        st.builds(called("coalesce", lambda a, b: b if a is None else a), n, n),
    )
    text = st.one_of(
        st.builds(infix("&", lambda a, b: a + b), t, t),
        st.builds(called("if", chosen), f, t, t),
        st.builds(called("coalesce", lambda a, b: a or b), t, t),
    )
    day = st.one_of(
        st.builds(infix("+", shifted), d, whole), st.builds(called("if", chosen), f, d, d)
    )
    flag = st.one_of(
        st.builds(infix("=", lambda a, b: a == b), n, n),
        st.builds(infix("=", lambda a, b: fold(a) == fold(b)), t, t),
        st.builds(infix("<>", lambda a, b: a != b), d, d),
        st.builds(infix("<", near(lambda a, b: a < b)), n, n),
        st.builds(infix(">=", near(lambda a, b: a >= b)), d, d),
        st.builds(infix("and", lambda a, b: a and b), f, f),
        st.builds(infix("or", lambda a, b: a or b), f, f),
        st.builds(called("not", lambda a: not a), f),
        st.builds(called("is_blank", lambda a: a is None), n),
        st.builds(called("contains", lambda a, b: fold(b) in fold(a)), t, t),
    )
    return st.tuples(number, text, day, flag)


formulas = st.recursive(st.tuples(numbers, texts, days, flags), grown, max_leaves=12)


def check_against_reference(four: tuple[Made, ...]) -> None:
    found = all_worked_out([one.text for one in four])

    for row, values in zip(ROWS, found, strict=True):
        expected = [one.gives(row) for one in four]
        assert list(values) == expected, [one.text for one in four]


@pytest.fixture
def rooms() -> None:
    for row in ROWS:
        typed: dict[str, Any] = {
            name: str(value) for name, value in row.items() if value not in (None, "")
        }
        create("room", **typed)


@settings(max_examples=40, deadline=None, suppress_health_check=HOUSE_RULES)
@given(four=formulas)
def test_sql_gives_what_the_reference_gives(rooms: None, four: tuple[Made, ...]) -> None:
    check_against_reference(four)


@pytest.mark.long
@settings(max_examples=4000, deadline=None, suppress_health_check=HOUSE_RULES)
@given(four=formulas)
def test_thousands_of_formulas(rooms: None, four: tuple[Made, ...]) -> None:
    check_against_reference(four)


PIECES = st.sampled_from(
    [
        *("seats", "name", "built", "price", "(", ")", ",", "+", "-", "*", "/", "&", "%", "=", "<"),
        *("if(", "sum(", "where", "round(", '"', "'", "[", "]", ".", "1", "2.5", "not ", " and "),
        *("true", "\\", "é"),
    ]
)


def check_refusal(text: str) -> None:
    """Whatever is written is read or refused with a sentence, and then it has types or not."""
    problem = refusal_of(text)
    if problem is not None:
        assert str(problem)
        assert problem.character is None or 0 <= problem.character <= len(text)


def refusal_of(text: str) -> FormulaError | None:
    try:
        parse(text)
        checked(text)
    except FormulaError as problem:
        return problem
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=HOUSE_RULES)
@given(text=st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    check_refusal(text)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None, suppress_health_check=HOUSE_RULES)
@given(text=st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=60).map("".join)))
def test_thousands_of_texts(text: str) -> None:
    check_refusal(text)

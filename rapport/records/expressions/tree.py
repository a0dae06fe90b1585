"""A formula as it is written: constants, names, calls, measures of related records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

#: What one formula may be: characters, how deep it nests, how many parts it has.
LONGEST = 2000
DEEPEST = 30
MOST_PARTS = 250

#: Measures of related records; with values between the parentheses some are plain functions too.
MEASURES = frozenset({"sum", "count", "min", "max", "average", "latest", "earliest"})


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, yes or no (`true`, `false`), or nothing at all."""

    value: Decimal | str | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A field, or what is related with dots between; `end` is the character behind it."""

    steps: tuple[str, ...]
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator by the name of its function."""

    function: str
    arguments: tuple[Part, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Rollup:
    """A measure of related records that meet a condition, which is written as in a filter."""

    measure: str
    of: Name
    where: str
    at: int
    #: The first character of the condition, and the one behind it.
    where_at: int = 0
    where_end: int = 0


type Part = Constant | Name | Call | Rollup


def walk(part: Part) -> Iterator[Part]:
    """Every part, from the outside in."""
    yield part
    if isinstance(part, Call):
        for one in part.arguments:
            yield from walk(one)

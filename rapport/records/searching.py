"""Which records a few typed letters mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value

from rapport.records.compiled import Given
from rapport.records.declare import Object
from rapport.records.kinds.text import Text, TextMatch
from rapport.records.sql import Fold

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Way:
    """How a text is sought in an object: all that shapes the query but for the letters."""

    op: str
    words: int
    #: Fields with rows of their own, such as addresses, in which it may be found.
    beside: tuple[str, ...]


def way_of(declaration: type[Object], q: str) -> Way:
    """The way to seek `q`.

    Under three letters only beginnings count: a trigram index can't serve less.
    """
    beside = tuple(name for name, pattern in _patterns(declaration, q).items() if pattern)
    return Way("contains" if len(q) > 2 else "starts", len(_words(q)), beside)


def places_of(declaration: type[Object], q: str) -> dict[str, str]:
    """The values of the places in `matches_given`."""
    words = {f"word{number}": word for number, word in enumerate(_words(q))}
    patterns = _patterns(declaration, q)
    return words | {f"{name}_like": pattern for name, pattern in patterns.items() if pattern}


def matches_given(declaration: type[Object], way: Way) -> Q:
    """What `matches` finds, for letters that are given with each run."""
    words = [Given(f"word{number}") for number in range(way.words)]
    return _matches(declaration, way, words, lambda name: Given(f"{name}_like"))


def matches(declaration: type[Object], q: str) -> Q:
    """Records whose title or searched fields contain every word, or whose address rows match."""
    patterns = _patterns(declaration, q)
    way = way_of(declaration, q)
    return _matches(declaration, way, _words(q), lambda name: Value(patterns[name]))


def _matches(
    declaration: type[Object], way: Way, words: Sequence[Any], pattern: Callable[[str], Any]
) -> Q:
    found = Q()
    for kind in _searched(declaration):
        every = Q()
        for word in words:
            every &= Q(TextMatch(Fold(F(kind.path)), way.op, word))
        found |= every
    for name in way.beside:
        found |= _beside(declaration)[name].matching(pattern(name))
    return found if found else Q(pk__in=[])


def _searched(declaration: type[Object]) -> list[Text]:
    return [
        kind
        for kind in declaration.fields.values()
        if isinstance(kind, Text) and kind.search and not kind.is_beside
    ]


def _beside(declaration: type[Object]) -> Mapping[str, Any]:
    return {name: kind for name, kind in declaration.fields.items() if hasattr(kind, "matching")}


def _patterns(declaration: type[Object], q: str) -> dict[str, str]:
    return {name: kind.pattern(q) for name, kind in _beside(declaration).items()}


def _words(q: str) -> list[str]:
    return q.split()[:MOST_WORDS]

"""Which records of a list a few typed letters mean; the search box has `search`."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, Value

from rapport.records.declare import Object
from rapport.records.kinds.text import Text, TextMatch
from rapport.records.sql import Fold

MOST_WORDS = 8


def matches(declaration: type[Object], q: str) -> Q:
    """Records whose title or searched fields contain every word, or whose address rows match.

    Under three letters only beginnings count: a trigram index can't serve less.
    """
    op = "contains" if len(q) > 2 else "starts"
    found = Q()
    for kind in _searched(declaration):
        every = Q()
        for word in q.split()[:MOST_WORDS]:
            every &= Q(TextMatch(Fold(F(kind.path)), op, word))
        found |= every
    for kind in _beside(declaration):
        if pattern := kind.pattern(q):
            found |= kind.matching(Value(pattern))
    return found if found else Q(pk__in=[])


def _searched(declaration: type[Object]) -> list[Text]:
    return [
        kind
        for kind in declaration.fields.values()
        if isinstance(kind, Text) and kind.search and not kind.is_beside
    ]


def _beside(declaration: type[Object]) -> list[Any]:
    return [kind for kind in declaration.fields.values() if hasattr(kind, "matching")]

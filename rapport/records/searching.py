"""Which records a few typed letters mean."""

from __future__ import annotations

from django.db.models import F, Q

from rapport.records.declare import Object
from rapport.records.kinds.text import Text, TextMatch
from rapport.records.sql import Fold


def matches(declaration: type[Object], q: str) -> Q:
    """Records whose title or searched fields contain every word, or whose address rows match.

    Under three letters only beginnings count: a trigram index can't serve less.
    """
    op = "contains" if len(q) > 2 else "starts"
    searched = [
        kind
        for kind in declaration.fields.values()
        if isinstance(kind, Text) and kind.search and "__" not in kind.path
    ]
    found = Q()
    for kind in searched:
        words = Q()
        for word in q.split()[:8]:
            words &= Q(TextMatch(Fold(F(kind.path)), op, word))
        found |= words
    for one in declaration.fields.values():
        look_up = getattr(one, "look_up", None)
        if look_up is not None:
            found |= look_up(q)
    return found if found else Q(pk__in=[])

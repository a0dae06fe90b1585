"""Words that so many documents have that a plan which does not know them looks up far too much.

A plan that is kept for any words looks words up in their index, all documents of a word before the
first is shown. Where nearly every document has it, the first documents there are do as well: the
planner knows when, once it is told the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from time import monotonic

from django.db import connection

#: The share of all documents from which a beginning of words is frequent.
FREQUENT = 0.4
#: Seconds for which the planner's own figures are kept.
KEPT = 60
FIGURES = """
SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
WHERE schemaname = 'public' AND tablename = 'records_searchdocument' AND attname = 'words'
"""


def any_frequent(words: Sequence[str], objects: Sequence[str], marks: str) -> bool:
    """Whether any of the words begins what many documents of one of the objects have, in their
    names (`=` among the marks) or elsewhere (`-`)."""
    known = figures(int(monotonic() // KEPT))
    return any(max(_shares(known, word, objects, marks), default=0) >= FREQUENT for word in words)


def _shares(
    known: Sequence[tuple[str, float]], word: str, objects: Sequence[str], marks: str
) -> Iterator[float]:
    """For each object the share of documents that a beginning leads to, at most."""
    for name in objects:
        begins = tuple(f"{name}{mark}{word}" for mark in marks)
        yield sum(share for told, share in known if told.startswith(begins))


@lru_cache(maxsize=1)
def figures(_minute: int) -> Sequence[tuple[str, float]]:
    """The commonest words of documents and the share that has each, as the planner knows them."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        words, shares = cursor.fetchone() or ([], [])
    # Behind the shares of the words stand the least and the largest of them.
    return list(zip(words or (), shares or (), strict=False))

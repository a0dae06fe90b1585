"""The distinct words of all documents: what a mistyped one may have meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.records.models import SearchWord
from rapport.records.search.documents import searched_objects
from rapport.records.search.tiers import Tier
from rapport.records.sql import escape_like

#: Words that one typed word may stand for; of them all hits are taken together.
MOST = 50
#: Words looked at for that.
LOOKED_AT = 400
#: Letters from which a word may be one letter off, and two.
NEAR, FAR = 3, 6
FURTHER = (Tier.INSIDE, Tier.NEAR, Tier.FAR)

WORDS_IN = """
SELECT DISTINCT one.word FROM (
  SELECT substr(lexeme, length(d.object) + 2) AS word
  FROM records_searchdocument AS d, unnest(tsvector_to_array(d.words)) AS lexeme
  WHERE d.id = ANY (%s)
) AS one
WHERE rapport_is_lexical(one.word)
"""
DROP = """
DELETE FROM records_searchword AS w WHERE w.word = ANY (%(words)s) AND NOT EXISTS (
  SELECT FROM records_searchdocument AS d WHERE d.words @@ (
    SELECT string_agg(format('%%L', object || mark || w.word), ' | ')::tsquery
    FROM unnest(%(objects)s::text[]) AS object, unnest(ARRAY['=', '-']) AS mark))
"""
INSIDE = """
SELECT word FROM records_searchword WHERE word LIKE %(inside)s
ORDER BY length(word), word LIMIT %(most)s
"""
LIKE_IT = """
SELECT word FROM records_searchword
WHERE rapport_shortened(word) && rapport_shortened(%(word)s) LIMIT %(looked_at)s
"""
FAR_OFF = """
SELECT word FROM records_searchword WHERE word %% %(word)s
ORDER BY similarity(word, %(word)s) DESC, word LIMIT %(looked_at)s
"""


@dataclass(slots=True)
class Meant:
    """The words that a typed one may stand for, by how much of it is right."""

    inside: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    far: list[str] = field(default_factory=list)

    def at(self, tier: Tier) -> list[str]:
        """Those of one tier."""
        return {Tier.INSIDE: self.inside, Tier.NEAR: self.near, Tier.FAR: self.far}[tier]

    def up_to(self, tier: Tier) -> list[str]:
        """Those of this tier and of the ones before."""
        return [word for one in FURTHER if one <= tier for word in self.at(one)]


def meant_by(word: str, tiers: Sequence[Tier] = FURTHER) -> Meant:
    """What a typed word may have meant; nothing for numbers and for what is too short."""
    found = Meant()
    if len(word) < NEAR or not word.isalpha():
        return found
    found.inside = [one for one in _ask(INSIDE, word) if not one.startswith(word)]
    if Tier.NEAR not in tiers:
        return found
    found.near = [one for one in _ask(LIKE_IT, word) if _distance(one, word) == 1][:MOST]
    if len(word) >= FAR:
        close = (one for one in _ask(FAR_OFF, word) if _distance(one, word) == 2)
        found.far = [one for one in close if one not in found.near][:MOST]
    return found


def _ask(statement: str, word: str) -> list[str]:
    given: dict[str, Any] = {
        "word": word,
        "inside": f"%{escape_like(word)}%",
        "most": MOST,
        "looked_at": LOOKED_AT,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [one for (one,) in cursor.fetchall()]


def _distance(one: str, other: str) -> int:
    """How many letters are left out, added, wrong, or swapped with their neighbour.

    Optimal string alignment: G. Navarro, A guided tour to approximate string matching, 2001.
    """
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def words_in(ids: Collection[UUID]) -> set[str]:
    """The words of the lexicon that are in the documents of these records."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS_IN, [list(ids)])
        return {word for (word,) in cursor.fetchall()}


def drop_unused(words: Collection[str]) -> None:
    """Let go of those of these words that no document has any more."""
    if not words or not SearchWord.objects.exists():
        return
    objects = [one.name for one in searched_objects()]
    with connection.cursor() as cursor:
        cursor.execute(DROP, {"words": list(words), "objects": objects})

"""By what a row of a file is known when it comes again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Self

from rapport.records.imports.running.plan import Plan

MOST_REMEMBERED = 50_000


class Fingerprints:
    """The same for the same mapped texts under the same headings, wherever they stand.

    Where a row is a line of a record, two may be alike in all columns: each has its own.
    """

    def __init__(self, salt: str, places: Sequence[int], *, is_by_line: bool) -> None:
        self.salt = salt
        self.places = places
        self.is_by_line = is_by_line
        self.alike: Counter[str] = Counter()

    @classmethod
    def of_plan(cls, plan: Plan, *, is_by_line: bool) -> Self:
        """Those of the rows that a plan takes in."""
        columns = sorted(plan.columns, key=lambda one: one.column)
        names = [plan.within or plan.declaration.name, *(one.column for one in columns)]
        return cls("\x1f".join(names), [one.place for one in columns], is_by_line=is_by_line)

    def of(self, texts: Sequence[str]) -> str:
        """32 hexadecimal digits."""
        if not self.is_by_line:
            return _digest([self.salt, *[texts[place] for place in self.places]])
        found = _digest([self.salt, *texts])
        if len(self.alike) > MOST_REMEMBERED:
            self.alike.clear()
        self.alike[found] += 1
        count = self.alike[found]
        return found if count == 1 else _digest([found, str(count)])


def _digest(texts: Iterable[str]) -> str:
    text = "\x1f".join(texts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

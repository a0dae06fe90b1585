"""What a table of a known export says."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from rapport.records.imports.mapping.headings import Heading, key

LEAVE = ""
"""The field of a column that is left out."""


@dataclass(frozen=True)
class Profile:
    """The columns of one program's export and the standard fields they are."""

    name: str
    marks: tuple[frozenset[str], ...]
    """Sets of columns; a file that has all of one set comes from this program."""
    fields: Mapping[str, str]
    """Column to field, or to several by comma where the object decides; LEAVE leaves it out, and a
    question mark before the field says that another column of these exports is better."""
    only_known: bool = False
    """Whether records that its columns name are only found and never made."""
    by_key: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        by_key = {key(column): standard for column, standard in self.fields.items()}
        object.__setattr__(self, "by_key", by_key)

    def fits(self, keys: Set[str]) -> bool:
        """Whether a file with these columns, in one piece or as they stand, is such an export."""
        return any(mark <= keys for mark in self.marks)

    def known(self, keys: Set[str]) -> int:
        """How many of the columns this program's exports have."""
        return sum(column in self.by_key for column in keys)

    def standard(self, heading: Heading) -> str | None:
        """The fields of a column, by comma; None where this program has no such column."""
        return self.by_key.get(heading.key, self.by_key.get(heading.stem))


def marks(*columns: str) -> frozenset[str]:
    """A set of columns that betrays a program."""
    return frozenset(key(column) for column in columns)

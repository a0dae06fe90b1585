"""The duplicates inside one file, without a database."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rapport.records.duplicates.matching.columns import Roles, roles_of
from rapport.records.duplicates.matching.evidence import in_english
from rapport.records.duplicates.matching.finding import Pair, find_pairs
from rapport.records.imports.mapping import sample_columns
from rapport.records.imports.reading import Table, open_table

HEADER = ("left", "right", "probability", "evidence")


class NothingToCompare(Exception):
    """No column of the file says who is meant; the message lists what would."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the columns of a file were taken for: name of the column, what it is."""

    columns: tuple[tuple[str, str], ...]


def read_roles(table: Table) -> Roles:
    """What the columns of an open table hold. Raises NothingToCompare."""
    roles = roles_of(table.columns, sample_columns(table))
    if not roles.places:
        raise NothingToCompare(
            "None of the columns looks like a name, an e-mail, a phone, an address, a date of "
            f"birth or an ID. The columns are: {', '.join(table.columns)}."
        )
    return roles


def pairs_in(
    path: Path,
    tell: Callable[[str], None] = lambda stage: None,
    understood: Callable[[Understood], None] = lambda found: None,
) -> Iterator[Pair]:
    """The pairs of rows of a file that probably mean the same, by their numbers from 1 (the header
    is not counted). Raises Unreadable, NothingToCompare and LibrariesMissing."""
    with open_table(path) as table:
        roles = read_roles(table)
        understood(explained(table, roles))
        yield from find_pairs(
            numbered(table, roles), roles.given, day_first=roles.day_first, tell=tell
        )


def numbered(table: Table, roles: Roles) -> Iterator[list[str | int]]:
    """The rows that can be read, each behind its number."""
    for row in table.rows():
        if row.problem is None:
            yield [row.number, *roles.texts(row.cells)]


def explained(table: Table, roles: Roles) -> Understood:
    """The columns that are compared, in their order."""
    found = {place: name for name, places in roles.places.items() for place in places}
    return Understood(tuple((table.columns[place], found[place]) for place in sorted(found)))


def write_pairs(pairs: Iterator[Pair], file: TextIO) -> int:
    """Write the pairs as CSV; returns how many there were."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    count = 0
    for pair in pairs:
        words = in_english(pair.evidence)
        writer.writerow((pair.left, pair.right, f"{pair.probability:.4f}", words))
        count += 1
    return count

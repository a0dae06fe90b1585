"""What a draft's file was found to hold, kept beside it: pages that ask again don't read it again.

The file stays as it is, so what was learnt of it holds for as long as it is read in one manner.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

from rapport.kit.formulas import restore
from rapport.kit.ids import uuid7
from rapport.records.imports.mapping import sample_columns
from rapport.records.imports.reading import Row, Table
from rapport.records.imports.reading.table import FaultyCells
from rapport.records.imports.stored import Manner, open_stored, path_of
from rapport.records.models import ImportRun

FIRST = 15
SEARCHED = 50_000
MOST_WORDS = 1_000
LONGEST_WORD = 300

type Kept = tuple[int, list[str], str | None, dict[str, str]]


@dataclass(slots=True)
class Learnt:
    """A file as one manner reads it: its form, samples of each column and its first rows; and the
    distinct words of those columns that were asked for."""

    manner: list[Any]
    columns: list[str]
    samples: list[list[str]]
    first: list[Kept]
    #: The first rows of the file itself, the one with the column names among them.
    top: list[tuple[int, list[str]]]
    format: str
    encoding: str
    delimiter: str
    header: int | None
    sheet: str
    sheets: list[str]
    notes: list[str]
    total: int
    said: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, run: ImportRun) -> Self:
        """What is known of a run's file, read now where nothing is. Raises Unreadable."""
        manner = list(astuple(Manner.of(run)))
        known = _kept(_place(run))
        if known is not None and known.get("manner") == manner:
            return cls(**known)
        with open_stored(run) as table:
            made = cls._read(manner, table)
        with open_stored(run, replace(Manner.of(run), header=-1)) as table:
            made.top = [(row.number, list(row.cells)) for row in table.peek(FIRST)]
        _write_down(run, made)
        return made

    @classmethod
    def _read(cls, manner: list[Any], table: Table) -> Self:
        first = [
            (row.number, list(row.cells), row.problem, _faults(row)) for row in table.peek(FIRST)
        ]
        return cls(
            manner, list(table.columns), sample_columns(table), first, [], table.format,
            table.encoding, table.delimiter, table.header, table.sheet, list(table.sheets),
            [note.sentence for note in table.notes], table.total,
        )  # fmt: skip

    def peek(self, count: int) -> list[Row]:
        """The first rows, up to as many as are kept."""
        return [
            Row(number, FaultyCells(cells, _by_place(faults)) if faults else cells, problem)
            for number, cells, problem, faults in self.first[:count]
        ]

    def words(self, run: ImportRun, places: Collection[int]) -> dict[int, list[str]]:
        """The distinct words of columns, in the order of the file; of long files the first rows are
        looked through. Raises Unreadable."""
        missing = [place for place in places if str(place) not in self.said]
        if missing:
            with open_stored(run) as table:
                found = _words(table, missing)
            self.said |= {str(place): words for place, words in found.items()}
            _write_down(run, self)
        return {place: self.said[str(place)] for place in places}


def _write_down(run: ImportRun, learnt: Learnt) -> None:
    """In one go, for its owner only; a full disk costs no more than time."""
    path = _place(run)
    part = path.with_name(f"{path.name}.{uuid7().hex}")
    facts = {name: getattr(learnt, name) for name in Learnt.__slots__}
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            json.dump(facts, file)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def _place(run: ImportRun) -> Path:
    path = path_of(run.storage)
    return path.with_name(f"{path.name}.learnt")


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # Another release may have kept other facts.
    is_whole = isinstance(found, dict) and found.keys() == set(Learnt.__slots__)
    return found if is_whole else None


def _faults(row: Row) -> dict[str, str]:
    faults = row.cells.faults if isinstance(row.cells, FaultyCells) else {}
    return {str(place): why for place, why in faults.items()}


def _by_place(faults: dict[str, str]) -> dict[int, str]:
    return {int(place): why for place, why in faults.items()}


def _words(table: Table, places: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, dict[str, None]] = {place: {} for place in places}
    for row in islice(table.rows(), SEARCHED):
        for place, words in found.items():
            word = restore(row.cells[place]).strip() if place < len(row.cells) else ""
            if 0 < len(word) <= LONGEST_WORD and len(words) < MOST_WORDS:
                words[word] = None
    return {place: list(words) for place, words in found.items()}

"""A table in a file: its columns, and its rows as a stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import TracebackType
from typing import NamedTuple, Self

from rapport.records.imports.reading.sources import Source, Stream


class Row(NamedTuple):
    """One row below the header; `problem` is a sentence where the row can't be imported."""

    number: int
    cells: list[str]
    problem: str | None


class FaultyCells(list[str]):
    """The cells of a row in which some can't be used; `faults` says why, by place."""

    def __init__(self, cells: Iterable[str], faults: Mapping[int, str]) -> None:
        super().__init__(cells)
        self.faults = faults


class Note(NamedTuple):
    """Something the importer did or saw that its user should know."""

    code: str
    sentence: str


@dataclass(slots=True)
class Tally:
    """What became of the rows of one reading; `blank` ones are numbered but not handed out."""

    good: int = 0
    bad: int = 0
    blank: int = 0
    padded: int = 0
    """Good rows that had fewer cells than the header."""

    @property
    def seen(self) -> int:
        return self.good + self.bad + self.blank


@dataclass
class Table(ABC):
    """A readable table. Rows can be read again and again; memory stays flat."""

    columns: list[str]
    format: str
    total: int
    """Bytes of the file, for a progress bar."""
    encoding: str = ""
    delimiter: str = ""
    notes: list[Note] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    header: int | None = None
    """Which line of the file, from 0, holds the column names; None where none does."""
    preamble: list[list[str]] = field(default_factory=list)
    """What stands above the header."""
    tally: Tally = field(default_factory=Tally)
    source: Source = field(kw_only=True)
    stream: Stream | None = field(default=None, kw_only=True)
    """The reading under way."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """All rows from the first. Raises Unreadable where the rest of the file is damaged."""

    @property
    def position(self) -> int:
        """Bytes of `total` that the reading under way has consumed."""
        return self.stream.position if self.stream else 0

    def peek(self, count: int) -> list[Row]:
        """The first rows, for a preview; leaves no reading under way."""
        return list(islice(self.rows(), count))

    def close(self) -> None:
        """Release what the table holds on disk."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

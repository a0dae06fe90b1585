"""Lines to rows, however badly they are quoted: one bad row never takes others with it."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator

from rapport.records.imports.reading.dialects import Dialect
from rapport.records.imports.reading.limits import FIELD_CHARACTERS, LINES_PER_RECORD
from rapport.records.imports.reading.unreadable import unreadable

MOST_REREAD = 2_000_000

csv.field_size_limit(max(csv.field_size_limit(), FIELD_CHARACTERS))


class Broken(list[str]):
    """The cells of a row whose quotation marks don't pair up, as far as they can be told apart."""


class Records:
    """The rows of some lines as lists of cells; a row that can't be told apart is a `Broken`.

    A quotation mark that is never closed would swallow what follows. So rows are read strictly,
    the lines of the row under way are kept, and when its quoting fails only its first line is
    given up: reading goes on with the second. `width` is the number of columns once it is known.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect, *, width: int = 0) -> None:
        self.lines = iter(lines)
        self.dialect = dialect
        self.width = width
        self.held: list[str] = []
        self.pending: deque[str] = deque()
        self.reread = 0
        self.adrift = False

    def __iter__(self) -> Iterator[list[str]]:
        """Rows. Raises Unreadable when the quoting of the whole file is beyond repair."""
        held = self.held
        while True:
            try:
                for cells in self.dialect.reader(self.feed()):
                    yield cells if not self.adrift else self.regained(cells)
                    held.clear()
                return
            except csv.Error:
                yield self.mended()
                held.clear()

    def feed(self) -> Iterator[str]:
        """Lines put back, then new ones; each is held until its row is complete."""
        pending, held, lines = self.pending, self.held, self.lines
        while True:
            if pending:
                line = pending.popleft()
            else:
                line = next(lines, "")
                if not line:
                    return
            held.append(line)
            if len(held) > LINES_PER_RECORD:
                raise csv.Error("endless row")
            yield line

    def mended(self) -> list[str]:
        """The first line of the row that failed; its other lines are put back."""
        first, *others = self.held
        self.reread += len(others)
        if self.reread > MOST_REREAD:
            raise unreadable("quotes")
        self.pending.extendleft(reversed(others))
        if others:
            self.adrift = True
            return Broken(self.dialect.unquoted(first))
        return self.repaired(first)

    def repaired(self, line: str) -> list[str]:
        """One line whose quotation marks were written carelessly, else a `Broken`."""
        if len(line) > FIELD_CHARACTERS:
            return Broken(self.dialect.unquoted(line))
        for attempt in repairs(line, self.dialect):
            try:
                cells = next(self.dialect.reader([attempt]))
            except csv.Error:
                continue
            if len(cells) == (self.width or len(cells)):
                return cells
        cells = self.dialect.unquoted(line)
        return cells if len(cells) == self.width else Broken(cells)

    def regained(self, cells: list[str]) -> list[str]:
        """After a lost quotation mark, rows count again from the first one of full width."""
        if len(cells) != self.width:
            return Broken(cells)
        self.adrift = False
        return cells


def repairs(line: str, dialect: Dialect) -> Iterator[str]:
    """Likely meanings of a line with stray quotation marks: blanks beside them, or not doubled."""
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    yield re.sub(rf"{quote}[ \t]+(?={mark}|\s*$)", dialect.quote, line)
    yield re.sub(
        rf"(?<=[^{mark}{quote}]){quote}(?=[^{mark}{quote}\r\n])", dialect.quote * 2, line.rstrip()
    )

"""Tables kept as text: CSV with any delimiter, encoding and line end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records.imports.reading import dialects, encodings, headers
from rapport.records.imports.reading.dialects import Dialect
from rapport.records.imports.reading.limits import FIELD_CHARACTERS, KIB, MIB, Limits
from rapport.records.imports.reading.lines import STRAY, Lines, mend
from rapport.records.imports.reading.records import Broken, Records
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import Note, Row, Table, Tally
from rapport.records.imports.reading.unreadable import unreadable

SAMPLE_LINES = 2_000
SAMPLE_CHARACTERS = MIB
SAMPLE_ROWS = 500
SAMPLE_BLOCK = 64 * KIB
NOTHING = "\ufeff\"' \t\r\n" + "".join(dialects.COMMON)
FORCED_TEXT = '="'


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose instead of what was found; blank means found."""

    encoding: str = ""
    delimiter: str = ""
    header: int | None = None
    """The row, from 0, with the column names; -1 where there is none."""


@dataclass
class DelimitedTable(Table):
    """A text table; `rows` reads its file anew each time."""

    codec: str = field(kw_only=True)
    dialect: Dialect = field(kw_only=True)
    skip: int = field(kw_only=True)
    """Rows of the file up to and with the header."""
    forced_text: bool = field(default=False, kw_only=True)
    """Whether some cells are written ="0123", as Excel needs it to keep a leading zero."""

    def rows(self) -> Iterator[Row]:
        width = len(self.columns)
        tally = self.tally = Tally()
        number = 0
        with self.source.open() as stream:
            self.stream = stream
            lines = Lines(stream, self.codec)
            records = iter(
                Records(skip_declaration(lines, self.dialect), self.dialect, width=width)
            )
            for cells in islice(records, self.skip, None):
                number += 1
                if len(cells) != width or lines.stray or type(cells) is not list:
                    row = self.uneven(number, cells, stray=bool(lines.stray))
                    if row is not None:
                        yield row
                    continue
                if not any(cells):
                    tally.blank += 1
                    continue
                tally.good += 1
                yield Row(number, list(map(unforced, cells)) if self.forced_text else cells, None)

    def uneven(self, number: int, cells: list[str], *, stray: bool) -> Row | None:
        """A row that is not as wide as the header, or may hold stray bytes; None if blank."""
        width = len(self.columns)
        if not any(cell.strip() for cell in cells):
            self.tally.blank += 1
            return None
        problem = self.problem(cells, stray=stray)
        if stray:
            cells = [mend(cell) for cell in cells]
        if problem:
            self.tally.bad += 1
            return Row(number, list(cells), problem)
        self.tally.good += 1
        self.tally.padded += len(cells) < width
        if self.forced_text:
            cells = [unforced(cell) for cell in cells]
        return Row(number, [*cells, *[""] * (width - len(cells))][:width], None)

    def problem(self, cells: list[str], *, stray: bool) -> str | None:
        """Why a row can't be taken as it is, or None."""
        if max(map(len, cells)) > FIELD_CHARACTERS:
            return _("A cell of this row has over a million characters.")
        if isinstance(cells, Broken):
            return _("The quotation marks in this row don't pair up.")
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            return too_many_cells(len(cells), len(self.columns))
        if stray and any(STRAY.search(cell) for cell in cells):
            return _("Some letters of this row could not be read as %(encoding)s. Check them.") % {
                "encoding": self.encoding
            }
        return None


def too_many_cells(cells: int, columns: int) -> str:
    """The problem of a row with more cells than there are columns."""
    sentence = ngettext(
        "This row has %(cells)s values for %(columns)s column.",
        "This row has %(cells)s values for %(columns)s columns.",
        columns,
    )
    return sentence % {"cells": cells, "columns": columns}


def unforced(cell: str) -> str:
    """The text inside ="…"."""
    if cell.startswith(FORCED_TEXT) and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return cell


def skip_declaration(lines: Lines, dialect: Dialect) -> Iterator[str]:
    """The lines without the one that only names the delimiter."""
    found = iter(lines)
    if dialect.declared:
        next(found, None)
    return found


def open_delimited(source: Source, limits: Limits, choices: Choices) -> DelimitedTable:
    """The text table in `source`. Raises Unreadable."""
    encoding = encodings.chosen_or_found(choices.encoding, source)
    sample = sample_lines(source, encoding)
    if choices.encoding and any(STRAY.search(line) for line in sample[:SAMPLE_LINES]):
        raise unreadable("wrong_encoding", encoding=encoding)
    if not (text := "".join(sample).strip()):
        raise unreadable("empty")
    if not text.strip(NOTHING):
        raise unreadable("no_header")
    dialect = dialects.detect(sample, delimiter=choices.delimiter)
    rows = sample_records(sample, dialect)
    if not rows:
        raise unreadable("no_header")
    return build(source, limits, choices, Found(encoding, dialect, rows, sample))


@dataclass(frozen=True, slots=True)
class Found:
    """What the first part of the file showed."""

    encoding: str
    dialect: Dialect
    rows: list[list[str]]
    lines: list[str]


def build(source: Source, limits: Limits, choices: Choices, found: Found) -> DelimitedTable:
    """The table by what was found and chosen. Raises Unreadable (too_many_columns, no_rows)."""
    place = chosen_header(choices, found.rows)
    heading = headers.heading(found.rows, place)
    if len(heading.columns) > limits.columns:
        raise unreadable("too_many_columns", count=len(heading.columns), limit=limits.columns)
    table = DelimitedTable(
        columns=heading.columns,
        format="csv",
        total=source.size(),
        encoding=found.encoding,
        codec=found.encoding,
        delimiter=found.dialect.delimiter.replace(dialects.ONE_COLUMN, ""),
        notes=[*encoding_note(found.encoding), *heading.notes],
        header=place,
        preamble=[row for row in found.rows[: place or 0] if headers.filled(row)],
        source=source,
        dialect=found.dialect,
        skip=0 if place is None else place + 1,
        forced_text=any(FORCED_TEXT in line for line in found.lines),
    )
    if not table.peek(1):
        raise unreadable("no_rows")
    return table


def chosen_header(choices: Choices, rows: list[list[str]]) -> int | None:
    """The row with the column names, chosen or found. Raises Unreadable (no_header)."""
    if choices.header is None:
        return headers.locate(rows)
    if choices.header >= len(rows) or (
        choices.header >= 0 and not headers.filled(rows[choices.header])
    ):
        raise unreadable("no_header")
    return choices.header if choices.header >= 0 else None


def sample_lines(source: Source, encoding: str) -> list[str]:
    """The first lines, as many as are needed to know the rest."""
    found: list[str] = []
    size = 0
    with source.open() as stream:
        for line in islice(Lines(stream, encoding, block=SAMPLE_BLOCK), SAMPLE_LINES):
            found.append(line)
            size += len(line)
            if size > SAMPLE_CHARACTERS:
                break
    return found


def sample_records(sample: list[str], dialect: Dialect) -> list[list[str]]:
    """The first rows; the last is left out where the sample may have cut it in two."""
    lines = sample[1:] if dialect.declared else sample
    rows = list(islice(Records(lines, dialect), SAMPLE_ROWS))
    whole = len(sample) < SAMPLE_LINES and sum(map(len, sample)) <= SAMPLE_CHARACTERS
    cut = not whole and len(rows) < SAMPLE_ROWS
    return rows[:-1] if cut and len(rows) > 1 else rows


def encoding_note(encoding: str) -> list[Note]:
    """A note where the encoding is a guess that may be wrong."""
    if encoding in ("utf-8", "utf-8-sig", "ascii"):
        return []
    sentence = _("Read as %(encoding)s. If letters look wrong below, choose another encoding.")
    return [Note("encoding", sentence % {"encoding": encoding})]

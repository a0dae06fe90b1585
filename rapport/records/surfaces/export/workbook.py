"""XLSX in constant memory: numbers and dates as such, texts as texts, never a formula."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rapport.records.kinds import Context, Kind
from rapport.records.kinds.choice import Boolean
from rapport.records.kinds.number import Decimals, Money
from rapport.records.kinds.time import Date, DateTime
from rapport.records.reading import Row
from rapport.records.reading.selection import Selection
from rapport.records.surfaces.export.options import Options
from rapport.records.surfaces.export.rows import cell_of, export_pages, header_of

MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
MOST_DIGITS = 15
FIRST_YEAR = 1900
CHUNK = 1 << 16
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")

type Count = Callable[[int], None]


def workbook_chunks(selection: Selection, options: Options, count: Count) -> Iterator[bytes]:
    """A workbook, with one more sheet for every million rows."""
    with tempfile.TemporaryDirectory(prefix="rapport-export-") as folder:
        path = Path(folder) / "export.xlsx"
        _write(path, selection, options, count)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write(path: Path, selection: Selection, options: Options, count: Count) -> None:
    import xlsxwriter

    plain = {f"strings_to_{what}": False for what in ("formulas", "numbers", "urls")}
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "tmpdir": str(path.parent), **plain}
    ) as book:
        sheets = _Sheets(book, selection, options)
        for rows, context in export_pages(selection):
            for row in rows:
                sheets.add(row, context)
            count(len(rows))


class _Sheets:
    """The sheets of one book, filled from top to bottom."""

    def __init__(self, book: Any, selection: Selection, options: Options) -> None:
        self.book = book
        self.title = NOT_IN_SHEET_NAMES.sub(" ", str(selection.declaration.label_plural))[:25]
        self.header = header_of(selection, options)
        self.is_exact = options.header == "names"
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.money: dict[str, Any] = {}
        self.columns = [self._column(selection, name, options) for name in selection.columns]
        self.count = 0
        self._begin()

    def add(self, row: Row, context: Context) -> None:
        """Write one record into the next line."""
        if self.line > MOST_ROWS:
            self._begin()
        for place, write in enumerate(self.columns):
            write(self.line, place, row, context)
        self.line += 1

    def _begin(self) -> None:
        self.count += 1
        name = f"{self.title} {self.count}" if self.count > 1 else self.title
        self.sheet = self.book.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, len(self.columns) - 1, 20)
        self.line = 1
        for place, label in enumerate(self.header):
            self.sheet.write_string(0, place, label, self.bold)

    def _column(
        self, selection: Selection, name: str, options: Options
    ) -> Callable[[int, int, Row, Context], None]:
        text = cell_of(selection, name, options)
        kind = selection.declaration.fields.get(name)

        def write(line: int, place: int, row: Row, context: Context) -> None:
            value = row.values.get(name)
            if kind is None or not self._write_value(line, place, kind, value, context):
                self._write_text(line, place, text(row, context))

        return write

    def _write_text(self, line: int, place: int, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            text = text[: MOST_CHARACTERS - 1] + "…"
        if text:
            self.sheet.write_string(line, place, text)

    def _write_value(self, line: int, place: int, kind: Kind, value: Any, context: Context) -> bool:
        """Write a value that spreadsheets have a type for; False for one that goes as text."""
        if value is None:
            return True
        if isinstance(kind, Boolean):
            self.sheet.write_boolean(line, place, bool(value))
        elif isinstance(kind, DateTime) and value.year > FIRST_YEAR and self._keeps(value):
            local: datetime = value.astimezone(context.timezone).replace(tzinfo=None)
            self.sheet.write_datetime(line, place, local, self.moment)
        elif isinstance(kind, Date) and value.year > FIRST_YEAR:
            day: date = value
            self.sheet.write_datetime(line, place, day, self.day)
        elif self.is_exact and isinstance(kind, Money) and kind.is_custom:
            # Its currency is its own, and has no column beside it.
            return False
        elif isinstance(kind, Decimals) and _fits(amount := _amount(value)):
            self.sheet.write_number(line, place, amount, self._format(kind, value, context))
        else:
            return False
        return True

    def _keeps(self, value: datetime) -> bool:
        """A spreadsheet's moment ends at the millisecond: enough for people, not for programs."""
        return not self.is_exact or value.microsecond % 1_000 == 0

    def _format(self, kind: Kind, value: Any, context: Context) -> Any:
        if not isinstance(kind, Money):
            return None
        currency = (value[1] if isinstance(value, tuple) else "") or context.currency
        if currency not in self.money:
            shown = f'#,##0.00 "{currency}"'
            self.money[currency] = self.book.add_format({"num_format": shown})
        return self.money[currency]


def _amount(value: Any) -> Decimal:
    return Decimal(value[0] if isinstance(value, tuple) else value)


def _fits(amount: Decimal) -> bool:
    """A spreadsheet keeps fifteen digits; a longer number goes as text and stays whole."""
    return len(amount.normalize().as_tuple().digits) <= MOST_DIGITS

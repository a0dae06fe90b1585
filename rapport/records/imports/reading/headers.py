"""Which row names the columns, what stands above it, and whether there is one at all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from rapport.records.imports.reading.table import Note

SCAN = 60
NUMBER = re.compile(r"[-+(]?[$€£]?\s?\d[\d\s.,'’]*\s?[%$€£)]?")
DATED = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T]\d.*)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WEB = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """The column names and the row they stand in; `row` is None where the file has no header."""

    row: int | None
    columns: list[str]
    notes: list[Note]


def locate(rows: list[list[str]]) -> int | None:
    """The row, from 0, that names the columns, or None where the first row is data already."""
    width = usual_width(rows)
    for place, row in enumerate(rows[:SCAN]):
        if is_header(row, width):
            first = not any(filled(above) for above in rows[:place])
            below = [one for one in rows[place + 1 :] if len(one) == len(row)]
            return None if first and is_data(row, below) else place
    return next((place for place, row in enumerate(rows) if filled(row)), None)


def heading(rows: list[list[str]], row: int | None) -> Heading:
    """Names for all columns: of the row, made unique, or by place where there is no row."""
    cells = rows[row] if row is not None else max(rows[:SCAN], key=len)
    below = rows[row + 1 :] if row is not None else rows
    width = used_width(cells, below, has_names=row is not None)
    names = [clean(cell) for cell in cells[:width]] if row is not None else [""] * width
    columns, notes = unique(names)
    if row is None:
        notes = [Note("no_header", _("The first row is data, so the columns are named by place."))]
    elif skipped := [above for above in rows[:row] if filled(above)]:
        sentence = _("%(count)s lines above the column names were left out.")
        notes.append(Note("preamble", sentence % {"count": len(skipped)}))
    return Heading(row, columns, notes)


def filled(row: list[str]) -> int:
    """How many cells hold more than blanks."""
    return sum(1 for cell in row if cell.strip())


def usual_width(rows: list[list[str]]) -> int:
    """The number of cells that rows usually use, ignoring blank ends."""
    widths = Counter(used for row in rows if (used := used_cells(row)))
    if not widths:
        return 0
    most = max(widths.values())
    return max(width for width, count in widths.items() if count >= 0.5 * most)


def used_cells(row: list[str]) -> int:
    """How many cells a row has up to its last filled one."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def is_header(row: list[str], width: int) -> bool:
    """Whether the row could name most of `width` columns."""
    names = [cell.strip() for cell in row if cell.strip()]
    if not names or len(names) < 0.5 * width or any(len(name) > LONGEST_NAME for name in names):
        return False
    return len({name.casefold() for name in names}) >= 0.6 * len(names)


def is_data(row: list[str], below: list[list[str]]) -> bool:
    """Whether the row holds values of the same sort as the rows below it."""
    if any(EMAIL.fullmatch(cell.strip()) or WEB.match(cell.strip()) for cell in row):
        return True
    numbers = [cell.strip() for cell in row if NUMBER.fullmatch(cell.strip())]
    if len(numbers) >= 3 and is_sequence(numbers):
        return False
    same = different = 0
    for place, cell in enumerate(row):
        own = sort_of(cell)
        others = Counter(sort_of(one[place]) for one in below if one[place].strip())
        usual = others.most_common(1)[0][0] if others else ""
        same += bool(own in ("number", "date") and own == usual)
        different += bool(own == "text" and usual in ("number", "date"))
    return same > different


def is_sequence(numbers: list[str]) -> bool:
    """Years or months in a row: names of columns, not values."""
    if not all(number.isdecimal() for number in numbers):
        return False
    return all(int(after) - int(before) == 1 for before, after in pairwise(numbers))


def sort_of(cell: str) -> str:
    """number, date or text; empty for a blank cell."""
    text = cell.strip()
    if not text:
        return ""
    if DATED.fullmatch(text):
        return "date"
    return "number" if NUMBER.fullmatch(text) else "text"


def used_width(cells: list[str], below: list[list[str]], *, has_names: bool) -> int:
    """Columns up to the last that is named or used; spreadsheets like to add empty ones."""
    named = used_cells(cells) if has_names else 0
    return max(named, max((used_cells(row[: len(cells)]) for row in below), default=0), 1)


def clean(name: str) -> str:
    """A name on one line, without marks of any kind around it."""
    return " ".join(name.replace("\ufeff", "").replace("\xa0", " ").split())


def unique(names: list[str]) -> tuple[list[str], list[Note]]:
    """Names without doubles and gaps, and a note on what was changed."""
    taken = {name.casefold() for name in names if name}
    seen: set[str] = set()
    columns: list[str] = []
    renamed: list[str] = []
    for place, name in enumerate(names, start=1):
        column = name or free(_("Column %(number)s") % {"number": place}, taken, first=2)
        if column.casefold() in seen:
            column = free(column, taken | seen, first=2)
            renamed.append(column)
        seen.add(column.casefold())
        columns.append(column)
    return columns, duplicate_note(renamed)


def free(name: str, taken: set[str], *, first: int) -> str:
    """The name itself, or with the lowest number after it that nobody has."""
    if name.casefold() not in taken:
        return name
    number = first
    while f"{name} ({number})".casefold() in taken:
        number += 1
    return f"{name} ({number})"


def duplicate_note(renamed: list[str]) -> list[Note]:
    """The note on columns that were renamed."""
    if not renamed:
        return []
    sentence = _("Some column names stand there twice; the later ones were renamed: %(names)s.")
    return [Note("duplicate_columns", sentence % {"names": ", ".join(renamed)})]

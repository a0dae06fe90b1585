"""The delimiter and the quoting of a text table, told by trying them on its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

COMMON = (",", ";", "\t", "|")
RARE = ("^", "~", "\x1f", "\x01", "¦", "§", "#", ":")
ONE_COLUMN = "\x1e"
"""A delimiter that does not occur: for files in which nothing delimits."""
SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\s*$", re.IGNORECASE)
ROWS = 300
PLAIN_WORD = re.compile(r"[^\W\d]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a line are told apart."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    skip_space: bool = False
    """Whether blanks after a delimiter belong to it."""
    declared: bool = False
    """Whether the first line only names the delimiter, as Excel writes it: sep=;"""

    def reader(self, lines: Iterable[str], *, strict: bool = True) -> Iterator[list[str]]:
        """A reader of `lines` in this dialect; a strict one raises csv.Error on odd quoting."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            doublequote=self.escape is None,
            escapechar=self.escape,
            skipinitialspace=self.skip_space,
            strict=strict,
        )

    def unquoted(self, line: str) -> list[str]:
        """The cells of one line where quotation marks are ordinary characters."""
        return line.rstrip("\r\n").split(self.delimiter)


def detect(lines: list[str], *, delimiter: str = "") -> Dialect:
    """The dialect of a table that begins with `lines`; `delimiter` is used where it is given."""
    declared = SEPARATOR_LINE.match(lines[0]) if lines else None
    if declared:
        found = Dialect(delimiter or declared[1], declared=True)
        return with_quoting(found, lines[1:])
    if delimiter:
        return with_quoting(Dialect(delimiter), lines)
    candidates = [with_quoting(Dialect(one), lines) for one in (*COMMON, *RARE)]
    scored = [(fitness(one, lines), one) for one in candidates]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score > 0.3 else with_quoting(Dialect(ONE_COLUMN), lines)


def with_quoting(dialect: Dialect, lines: list[str]) -> Dialect:
    """The same delimiter with the quotation mark, escape and blanks that the lines show."""
    text = "".join(lines)
    mark = re.escape(dialect.delimiter)
    if re.search(rf"{mark} +\"[^\"]*\"\s*(?:{mark}|$)", text, re.MULTILINE):
        dialect = replace(dialect, skip_space=True)
    if '"' not in text and len(re.findall(rf"(?:^|{mark})'[^']*'(?={mark}|$)", text, re.M)) > 3:
        return replace(dialect, quote="'")
    if re.search(r'\\"[^"\r\n]', text) and not re.search(rf'[^{mark}\\\s]""', text):
        escaped = replace(dialect, escape="\\")
        if oddities(escaped, lines) < oddities(dialect, lines):
            return escaped
    return dialect


def oddities(dialect: Dialect, lines: list[str]) -> int:
    """Records that break the rules of quoting."""
    reader = dialect.reader(lines)
    count = 0
    while True:
        try:
            next(reader)
        except StopIteration:
            return count
        except csv.Error:
            count += 1


def fitness(dialect: Dialect, lines: list[str]) -> float:
    """How much the lines look like a table in this dialect, from 0 to about 1."""
    rows = [row for row in sample_rows(dialect, lines) if any(cell.strip() for cell in row)]
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1] * min(item[0], 2), item[0]))
    if width < 2 or is_prose(dialect, rows, width):
        return 0.0
    regular = count / len(rows)
    if dialect.delimiter in RARE and (regular < 1 or len(rows) < 2):
        return 0.0
    header = next(row for row in rows if len(row) == width)
    names = sum(bool(PLAIN_WORD.search(cell)) for cell in header) / width
    filled = sum(sum(map(bool, row)) for row in rows if len(row) == width) / (count * width)
    rare = 0.15 if dialect.delimiter in RARE else 0.0
    # A delimiter inside of quoted cells tears them: half of the quotation marks stay behind.
    torn = sum(cell.count(dialect.quote) % 2 for row in rows for cell in row) / len(rows)
    return regular * (0.8 + 0.1 * names + 0.1 * filled) * (1 - min(torn, 1.0) / 2) - rare


def sample_rows(dialect: Dialect, lines: list[str]) -> list[list[str]]:
    """The first rows, read leniently."""
    rows: list[list[str]] = []
    reader = dialect.reader(lines, strict=False)
    while len(rows) < ROWS:
        try:
            rows.append(next(reader))
        except StopIteration:
            break
        except csv.Error:
            continue
    return rows


def is_prose(dialect: Dialect, rows: list[list[str]], width: int) -> bool:
    """One column of texts with commas in them: "Name" above "Smith, John"."""
    if len(rows[0]) == width or width > 3:
        return False
    spaced = [cell.startswith(" ") for row in rows for cell in row[1:]]
    return dialect.delimiter in ",;:" and bool(spaced) and all(spaced)

"""How a file is read: what was found, and what a person may choose instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.records.imports.reading import Table
from rapport.records.imports.stored import Manner, open_stored
from rapport.records.models import ImportRun

ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "iso-8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "mac_roman", "cp437", "cp850", "koi8-r", "shift_jis", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
NAMED = ("vcard", "jcard", "jsonl", "parquet")
"""Forms of files that name their columns by themselves."""
ROWS_SHOWN = 15
LONGEST = 60

type Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to choose: its field, its words, what is chosen, and what there is."""

    name: str
    label: str
    chosen: str
    options: Sequence[Option]


def questions(run: ImportRun, table: Table) -> list[Question]:
    """What can be chosen for this sort of file; the first option of each is what was found."""
    asked = []
    if len(table.sheets) > 1:
        sheets = [(name, name) for name in table.sheets]
        asked.append(Question("sheet", _("Sheet"), table.sheet, sheets))
    if table.encoding and table.format != "jsonl":
        asked.append(Question("encoding", _("Encoding"), run.encoding, _encodings(run, table)))
    if table.delimiter or table.format == "csv":
        asked.append(Question("delimiter", _("Delimiter"), run.delimiter, _delimiters(run, table)))
    if table.format not in NAMED:
        chosen = "" if run.header is None else str(run.header)
        asked.append(Question("header", _("Column names"), chosen, _headers(run, table)))
    return asked


def _encodings(run: ImportRun, table: Table) -> list[Option]:
    known = dict.fromkeys([*ENCODINGS, run.encoding or ENCODINGS[0]])
    return [_as_found(run.encoding, table.encoding), *((name, name) for name in known)]


def _delimiters(run: ImportRun, table: Table) -> list[Option]:
    words = {
        ",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar (|)"), ":": _("Colon"),
        "^": "^", "~": "~",
    }  # fmt: skip
    if run.delimiter:
        words.setdefault(run.delimiter, run.delimiter)
    read = words.get(table.delimiter, table.delimiter) or _("one column")
    return [_as_found(run.delimiter, read), *words.items()]


def _headers(run: ImportRun, table: Table) -> list[Option]:
    read = pgettext("row", "none")
    if table.header is not None:
        read = _("row %(n)d") % {"n": table.header + 1}
    rows = [(str(place), text) for place, text in _first_rows(run)]
    by_place = ("-1", _("No row: name the columns by place"))
    return [_as_found(run.header is not None, read), by_place, *rows]


def _as_found(is_chosen: object, read: str) -> Option:
    """The option that leaves it to the file; it says what that is while nothing else is chosen."""
    return ("", _("As found") if is_chosen else _("As found: %(what)s") % {"what": read})


def _first_rows(run: ImportRun) -> list[tuple[int, str]]:
    """The first rows of the file, by place and with a few of their words."""
    with open_stored(run, replace(Manner.of(run), header=-1)) as table:
        rows = table.peek(ROWS_SHOWN)
    return [(row.number - 1, f"{row.number}: {_few(row.cells)}") for row in rows]


def _few(cells: Sequence[str]) -> str:
    text = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def chosen_manner(run: ImportRun, data: QueryDict) -> Manner:
    """How the form wants the file read; what it does not ask stays."""
    header = data.get("header", "" if run.header is None else str(run.header))
    sheet = data.get("sheet", run.sheet)[:300]
    if run.sheet and sheet != run.sheet:
        # The names stand elsewhere on another sheet.
        header = ""
    return Manner(
        sheet=sheet,
        encoding=data.get("encoding", run.encoding)[:40],
        delimiter=data.get("delimiter", run.delimiter)[:1],
        header=int(header) if header.lstrip("-").isdecimal() and len(header) < 8 else None,
    )

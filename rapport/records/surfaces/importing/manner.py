"""How a file is read: what was found, and what a person may choose instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapport.records.imports.learnt import Learnt
from rapport.records.imports.stored import Manner
from rapport.records.models import ImportRun

ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "iso-8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257",
    "mac_roman", "cp437", "cp850", "koi8-r", "shift_jis", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
NAMED = ("vcard", "jcard", "jsonl", "parquet")
"""Forms of files that name their columns by themselves."""
LONGEST = 60

type Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to choose: its field, its words, what is chosen, and what there is."""

    name: str
    label: str
    chosen: str
    options: Sequence[Option]


def questions(run: ImportRun, learnt: Learnt) -> list[Question]:
    """What can be chosen for this sort of file; the first option of each is what was found."""
    asked = []
    if len(learnt.sheets) > 1:
        sheets = [(name, name) for name in learnt.sheets]
        asked.append(Question("sheet", _("Sheet"), learnt.sheet, sheets))
    if learnt.encoding and learnt.format != "jsonl":
        asked.append(Question("encoding", _("Encoding"), run.encoding, _encodings(run, learnt)))
    if learnt.delimiter or learnt.format == "csv":
        asked.append(Question("delimiter", _("Delimiter"), run.delimiter, _delimiters(run, learnt)))
    if learnt.format not in NAMED:
        chosen = "" if run.header is None else str(run.header)
        asked.append(Question("header", _("Column names"), chosen, _headers(run, learnt)))
    return asked


def _encodings(run: ImportRun, learnt: Learnt) -> list[Option]:
    known = dict.fromkeys([*ENCODINGS, run.encoding or ENCODINGS[0]])
    return [_as_found(run.encoding, learnt.encoding), *((name, name) for name in known)]


def _delimiters(run: ImportRun, learnt: Learnt) -> list[Option]:
    words = {
        ",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar (|)"), ":": _("Colon"),
        "^": "^", "~": "~",
    }  # fmt: skip
    if run.delimiter:
        words.setdefault(run.delimiter, run.delimiter)
    read = words.get(learnt.delimiter, learnt.delimiter) or _("one column")
    return [_as_found(run.delimiter, read), *words.items()]


def _headers(run: ImportRun, learnt: Learnt) -> list[Option]:
    read = pgettext("row", "none")
    if learnt.header is not None:
        read = _("row %(n)d") % {"n": learnt.header + 1}
    rows = [(str(place), text) for place, text in _first_rows(learnt)]
    by_place = ("-1", _("No row: name the columns by place"))
    return [_as_found(run.header is not None, read), by_place, *rows]


def _as_found(is_chosen: object, read: str) -> Option:
    """The option that leaves it to the file; it says what that is while nothing else is chosen."""
    return ("", _("As found") if is_chosen else _("As found: %(what)s") % {"what": read})


def _first_rows(learnt: Learnt) -> list[tuple[int, str]]:
    """The first rows of the file, by place and with a few of their words."""
    return [(number - 1, f"{number}: {_few(cells)}") for number, cells in learnt.top]


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

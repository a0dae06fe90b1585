"""The front door: what kind of file it is, and who reads it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from rapport.records.imports.reading import archives, signatures
from rapport.records.imports.reading.calendars import open_calendar
from rapport.records.imports.reading.cards import open_cards
from rapport.records.imports.reading.delimited import Choices, open_delimited
from rapport.records.imports.reading.json_lines import open_json_lines
from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.reading.parquet import open_parquet
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import Table
from rapport.records.imports.reading.unreadable import too_large, unreadable
from rapport.records.imports.reading.workbooks import open_workbook


def open_table(
    path: Path | str,
    *,
    filename: str = "",
    sheet: str | None = None,
    encoding: str = "",
    delimiter: str = "",
    header: int | None = None,
    limits: Limits | None = None,
) -> Table:
    """The table in a file: CSV or JSON Lines (also gzipped or alone in a ZIP), XLSX, XLSB, XLS,
    ODS, Parquet, vCard or iCalendar.

    `filename` is the name its user knows it by. `sheet`, `encoding`, `delimiter` and `header`
    (the row, from 0, with the column names; -1 for none) overrule what is found by evidence.
    The file must stay while the table is used; `close` or `with` frees what it unpacked.
    Raises Unreadable, with a sentence for the user.
    """
    path = Path(path)
    limits = limits or Limits.configured()
    source = plain_source(path, limits)
    head = source.head(signatures.HEAD)
    if not head:
        raise unreadable("empty")
    choices = Choices(encoding, delimiter, header)
    match kind := signatures.what_is_it(head):
        case "zip":
            return open_archive(path, limits, choices, sheet or "")
        case "ole":
            archives.refuse_encrypted_package(path)
            return open_workbook(path, "xls", limits, choices, sheet=sheet or "")
        case "parquet":
            return open_parquet(path, limits)
        case "gzip":
            return open_text(packed_source(path, limits), limits, choices)
        case _:
            return open_text(source, limits, choices, kind=kind, head=head)


def plain_source(path: Path, limits: Limits) -> Source:
    """The file itself. Raises Unreadable when it is gone or too large."""
    if not path.is_file():
        raise unreadable("missing")
    if path.stat().st_size > limits.file:
        raise too_large(limits.file)
    return Source(path, limits.file)


def packed_source(path: Path, limits: Limits) -> Source:
    """The content of a gzipped file."""
    return Source(path, limits.file, "gzip")


def open_text(
    source: Source, limits: Limits, choices: Choices, *, kind: str = "", head: bytes = b""
) -> Table:
    """The table in a text file. Raises Unreadable for every other kind of file."""
    if not kind:
        head = source.head(signatures.HEAD)
        kind = signatures.what_text(head) if head else "text"
    if kind in ("vcard", "jcard"):
        return open_cards(source, kind, encoding=choices.encoding)
    if kind == "calendar":
        return open_calendar(source, encoding=choices.encoding)
    if kind == "json_lines":
        return open_json_lines(source, limits)
    if kind == "web_page":
        raise unreadable("web_page")
    if kind in ("xml", "json"):
        raise unreadable("not_a_table", what=kind.upper())
    if name := signatures.foreign(head):
        raise unreadable("not_a_table", what=name)
    return open_delimited(source, limits, choices)


def open_archive(path: Path, limits: Limits, choices: Choices, sheet: str) -> Table:
    """A workbook, or the only file of a ZIP archive. Raises Unreadable."""
    found = archives.entries(path, limits)
    form = signatures.what_archive([entry.filename for entry in found])
    if form in ("xlsx", "xlsb", "ods"):
        archives.refuse_bombs(path, found, limits)
        archives.refuse_passwords(path, found)
        return open_workbook(path, form, limits, choices, sheet=sheet)
    if form == "document":
        raise unreadable("not_a_table", what=_("text document"))
    if form == "numbers":
        raise unreadable("old_workbook")
    return open_text(only_member(path, found, limits), limits, choices)


def only_member(path: Path, found: list[zipfile.ZipInfo], limits: Limits) -> Source:
    """The one file in an archive. Raises Unreadable (empty, several_files, zip_bomb)."""
    files = [entry for entry in found if not is_clutter(entry.filename)]
    if not files:
        raise unreadable("empty")
    if len(files) > 1:
        raise unreadable("several_files", count=len(files))
    archives.refuse_ratio(files[0].file_size, files[0].compress_size, limits)
    if files[0].file_size > limits.file:
        raise too_large(limits.file)
    return Source(path, limits.file, "zip", files[0].filename)


def is_clutter(name: str) -> bool:
    """What archivers add by themselves."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")

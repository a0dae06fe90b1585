"""Run as a program of its own: writes one sheet of a workbook as CSV.

A sheet has to be held in memory to be read, and a hostile one makes the reader ask for more than
there is, which ends the process. So that process is never the server: it is this one, with its
memory, time and output capped. It imports nothing of the house, so that it starts fast.

    workbook_child.py PATH FORMAT SHEET MEMORY SECONDS OUTPUT  (the CSV goes to standard output,
    one line of JSON about it to standard error)
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import errno
import html
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
MOST_FAULTS = 10_000

type Fault = tuple[int, int, str, str]
"""Row and column in the CSV, the cell's name, and what it shows."""
EXACT = 10**15

CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MARKS = (b"<f", b":f", b't="e"')
REFERENCE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
BLOCK = 1024 * 1024
LONGEST_ROW = 16 * BLOCK


def main(path: str, form: str, sheet: str, memory: str, seconds: str, output: str) -> int:
    """Write the sheet and what is to know about it; 0, or 1 with {"error": code}."""
    cap(resource.RLIMIT_AS, int(memory))
    cap(resource.RLIMIT_CPU, int(seconds))
    cap(resource.RLIMIT_FSIZE, int(output))
    try:
        about = convert(path, form, sheet)
    except PasswordError:
        about = {"error": "encrypted"}
    except CalamineError:
        about = {"error": "truncated"}
    except MemoryError:
        about = {"error": "workbook_too_large"}
    except OSError as error:
        about = {"error": "disk_full" if error.errno == errno.ENOSPC else "workbook_too_large"}
    sys.stderr.write(json.dumps(about) + "\n")
    return int("error" in about)


def cap(what: int, most: int) -> None:
    """Set a limit where the system has it."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def convert(path: str, form: str, wanted: str) -> dict[str, Any]:
    """Write the wanted sheet, or the first one with rows, as CSV to standard output."""
    with CalamineWorkbook.from_path(path) as workbook:
        names = sheet_names(workbook)
        if wanted and wanted not in names:
            return {"error": "no_sheet", "sheet": wanted}
        name, sheet = chosen(workbook, [wanted] if wanted else names)
        if sheet is None:
            return {"error": "empty"}
        first = sheet.start[1] if sheet.start else 0
        about = write(sheet, first)
        about |= {"sheets": names, "sheet": name, "merged": len(sheet.merged_cell_ranges or [])}
    if form == "xlsx":
        formulas, faults = scan(path, name, first)
        about["formulas"] = formulas
        about["faults"] += faults
    return about


def sheet_names(workbook: CalamineWorkbook) -> list[str]:
    """Sheets that hold cells, the visible ones first."""
    sheets = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
    return [one.name for one in sheets]


def chosen(workbook: CalamineWorkbook, names: list[str]) -> tuple[str, CalamineSheet | None]:
    """The first of these sheets that has rows."""
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height:
            return name, sheet
    return "", None


def write(sheet: CalamineSheet, first: int) -> dict[str, Any]:
    """All rows of the sheet, from its very first, as CSV; cells that show an error are noted.

    `first` is the sheet's first column with a value, which is the first of the CSV.
    """
    faults: list[Fault] = []
    number = sys.stdout.fileno()
    with open(number, "w", encoding="utf-8", errors="replace", newline="", closefd=False) as output:
        writer = csv.writer(output)
        for place, cells in enumerate(sheet.iter_rows()):
            texts = [cell if type(cell) is str else text(cell) for cell in cells]
            if not ERRORS.isdisjoint(texts) and len(faults) < MOST_FAULTS:
                faults += [
                    (place, at, f"{letters(first + at)}{place + 1}", shown)
                    for at, shown in enumerate(texts)
                    if shown in ERRORS
                ]
            writer.writerow(texts)
    return {"faults": faults, "formulas": 0}


def text(cell: Any) -> str:
    """A cell as a person would type it, without the .0 of a whole number."""
    match cell:
        case float():
            return number(cell)
        case bool():
            return "true" if cell else "false"
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


def number(value: float) -> str:
    """A number in plain digits, never as 4.9E7."""
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    shown = repr(value)
    return format(Decimal(shown), "f") if "e" in shown else shown


def letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_of(name: str) -> int:
    """The column of a name: A is 0, AA is 26."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


def scan(path: str, name: str, first: int) -> tuple[int, list[Fault]]:
    """How many formulas a sheet has, and the cells that show an error or have no stored result."""
    count = 0
    faults: list[Fault] = []
    for attributes, content in suspect_cells(path, name):
        is_formula = bool(FORMULA.search(content))
        count += is_formula
        value, at = VALUE.search(content), REFERENCE.search(attributes)
        without_result = is_formula and not value and b't="str"' not in attributes
        if (b't="e"' in attributes or without_result) and at and len(faults) < MOST_FAULTS:
            shown = value[1].decode("utf-8", "replace") if value else ""
            column, row = at[1].decode(), at[2].decode()
            faults.append((int(row) - 1, place_of(column) - first, column + row, shown))
    return count, faults


def suspect_cells(path: str, name: str) -> Iterator[tuple[bytes, bytes]]:
    """(attributes, content) of the cells with a formula or an error, in one pass over the sheet."""
    with zipfile.ZipFile(path) as archive:
        part = sheet_part(archive, name)
        if not part:
            return
        rest = b""
        with archive.open(part) as stream:
            while len(rest) < LONGEST_ROW and (block := stream.read(BLOCK)):
                rest += block
                end = rest.rfind(b"row>") + 4
                if end > 4:
                    yield from cells_in(rest[:end])
                    rest = rest[end:]


def cells_in(xml: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Cells of some whole rows; rows without any mark of a formula or an error cost one search."""
    if not any(mark in xml for mark in MARKS):
        return
    for cell in CELL.finditer(xml):
        if b't="e"' in cell[1] or FORMULA.search(cell[2]):
            yield cell[1], cell[2]


def sheet_part(archive: zipfile.ZipFile, name: str) -> str:
    """The file in the archive that holds the sheet of this name, else empty."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return ""
    targets = {link.get("Id", ""): link.get("Target", "") for link in tags(links, "Relationship")}
    for sheet in tags(book, "sheet"):
        if sheet.get("name") == name:
            target = targets.get(sheet.get("id", ""), "")
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            return part if part in archive.namelist() else ""
    return ""


def tags(xml: str, name: str) -> Iterator[dict[str, str]]:
    """Attributes, without prefixes, of all elements of a name. No XML parser: it is not needed,
    and would have to be guarded against hostile entities."""
    for found in re.finditer(rf"<(?:\w+:)?{name}\s([^>]*)>", xml):
        pairs = re.findall(r"(?:\w+:)?(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", found[1])
        yield {key: html.unescape(double or single) for key, double, single in pairs}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Workbooks (XLSX, XLSB, XLS, ODS): one sheet of them, turned to text by a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records.imports.reading import delimited
from rapport.records.imports.reading.children import spooled, told_by
from rapport.records.imports.reading.delimited import Choices, DelimitedTable, Found
from rapport.records.imports.reading.dialects import Dialect
from rapport.records.imports.reading.limits import MIB, Limits
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import FaultyCells, Note, Row
from rapport.records.imports.reading.unreadable import unreadable

LARGEST_XLS = 128 * MIB


@dataclass
class WorkbookTable(DelimitedTable):
    """One sheet of a workbook, kept as text in a temporary file while the table is open."""

    spool: IO[bytes] = field(kw_only=True)
    faults: dict[int, dict[int, str]] = field(default_factory=dict, kw_only=True)
    """Problems of cells, by row and column of the sheet's used part, from 0."""

    def rows(self) -> Iterator[Row]:
        """All rows; in one with cells that show an error, those cells are told."""
        if not self.faults:
            yield from super().rows()
            return
        for row in super().rows():
            faults = self.faults.get(self.skip + row.number - 1)
            if faults and not row.problem:
                yield row._replace(cells=FaultyCells(row.cells, faults))
            else:
                yield row

    def close(self) -> None:
        self.spool.close()


def open_workbook(
    path: Path, form: str, limits: Limits, choices: Choices, *, sheet: str = ""
) -> WorkbookTable:
    """A sheet of the workbook, the first with rows unless named. Raises Unreadable."""
    if form == "xls" and path.stat().st_size > LARGEST_XLS:
        raise unreadable("workbook_too_large")
    with spooled() as spool:
        from rapport.records.imports.reading import workbook_child

        about = told_by(workbook_child, [str(path), form, sheet], spool, limits)
        return table_of(spool, form, about, limits, choices)


def table_of(
    spool: IO[bytes], form: str, about: dict[str, Any], limits: Limits, choices: Choices
) -> WorkbookTable:
    """The table in the spooled text. Raises Unreadable (no_header, no_rows, too_many_columns)."""
    source = Source(Path(spool.name), limits.file)
    lines = delimited.sample_lines(source, "utf-8")
    rows = delimited.sample_records(lines, Dialect())
    plain = delimited.build(source, limits, choices, Found("utf-8", Dialect(), rows, lines))
    values = {name: value for name, value in vars(plain).items() if name != "notes"}
    values |= {"format": form, "encoding": "", "delimiter": ""}
    values |= {"sheets": about["sheets"], "sheet": about["sheet"]}
    return WorkbookTable(
        **values,
        notes=[*plain.notes, *notes(about)],
        spool=spool,
        faults=by_place(about["faults"]),
    )


def by_place(faults: list[tuple[int, int, str, str]]) -> dict[int, dict[int, str]]:
    """The sentence on each unusable cell, by row and column."""
    found: dict[int, dict[int, str]] = {}
    for row, column, cell, shown in faults:
        found.setdefault(row, {})[column] = fault(cell, shown)
    return found


def fault(cell: str, shown: str) -> str:
    """The problem of a row with an unusable cell."""
    if shown:
        return _("Cell %(cell)s shows %(error)s instead of a value.") % {
            "cell": cell,
            "error": shown,
        }
    sentence = _(
        "Cell %(cell)s holds a formula without a stored result. "
        "Open the workbook in a spreadsheet program, save it, and import it again."
    )
    return sentence % {"cell": cell}


def notes(about: dict[str, Any]) -> list[Note]:
    """What the user should know about the workbook."""
    found: list[Note] = []
    if len(about["sheets"]) > 1:
        sentence = _("This workbook has %(count)s sheets; “%(sheet)s” is read.")
        facts = {"count": len(about["sheets"]), "sheet": about["sheet"]}
        found.append(Note("sheets", sentence % facts))
    if count := about["formulas"]:
        sentence = ngettext(
            "%(count)s cell holds a formula; its last result is taken.",
            "%(count)s cells hold formulas; their last results are taken.",
            count,
        )
        found.append(Note("formulas", sentence % {"count": count}))
    if about["merged"]:
        sentence = _("Some cells are merged; only the first of them has the value.")
        found.append(Note("merged_cells", sentence))
    return found

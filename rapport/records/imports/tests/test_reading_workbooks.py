"""A sheet is read as a person sees it: whole numbers, days, results of formulas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from rapport.records.imports.reading import Row, open_table
from rapport.records.imports.reading.table import FaultyCells
from rapport.records.imports.tests.samples import DATA


def rows_of(path: Path, **options: Any) -> list[Row]:
    with open_table(path, **options) as table:
        return list(table.rows())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet("People")
        sheet.write_row(0, 0, ["Name", "Phone", "Since", "Rate", "Active", "At", "Big"])
        sheet.write_row(1, 0, ["Ann", 49160555, dt.date(2024, 5, 1), 0.25, True])
        sheet.write_datetime(1, 5, dt.datetime(2024, 5, 1, 14, 30))  # noqa: DTZ001
        sheet.write_number(1, 6, 1.5e22)
        sheet.write_row(2, 0, ["Bo", "+49 160 556", "soon", 1e-7, False])
        firms = made.add_worksheet("Firms")
        firms.write_row(0, 0, ["Firm"])
        firms.write_row(1, 0, ["Ñandú & Söhne “東京”\nII"])
    return path


def test_cells_become_what_a_person_would_type(book: Path) -> None:
    ann, bo = (row.cells for row in rows_of(book))
    assert ann == [
        "Ann", "49160555", "2024-05-01", "0.25", "true", "2024-05-01 14:30:00",
        "15000000000000000000000",
    ]  # fmt: skip
    assert bo[1:5] == ["+49 160 556", "soon", "0.0000001", "false"]


def test_sheets_are_named_and_one_is_chosen(book: Path) -> None:
    with open_table(book) as table:
        assert (table.sheets, table.sheet) == (["People", "Firms"], "People")
        assert (table.format, table.encoding, table.delimiter) == ("xlsx", "", "")
        assert [note.code for note in table.notes] == ["sheets"]
    assert [row.cells for row in rows_of(book, sheet="Firms")] == [["Ñandú & Söhne “東京”\nII"]]


def test_a_hidden_first_sheet_is_not_the_one_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as made:
        hidden, shown = made.add_worksheet("Lists"), made.add_worksheet("People")
        for sheet in (hidden, shown):
            sheet.write_column(0, 0, [sheet.name, "x"])
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    with open_table(path) as table:
        assert table.columns == ["People"]


def test_formulas_give_their_last_result_and_faults_stay_with_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(2, 1, ["Name", "Total"])
        for row, (name, value) in enumerate(
            [("Ann", 12), ("Bo", "#N/A"), ("Cy", ""), ("Di", "ok")], start=3
        ):
            sheet.write(row, 1, name)
            sheet.write_formula(row, 2, "=A1&B1", None, value)
        sheet.write_row(7, 1, ["Ed", "#REF!"])
    with open_table(path) as table:
        rows = list(table.rows())
        assert "4 cells hold formulas" in table.notes[0].sentence
        assert (table.tally.good, table.tally.bad) == (5, 0)
    faulty = [row.cells for row in rows if isinstance(row.cells, FaultyCells)]
    assert [row.cells[1] for row in rows if row.cells not in faulty] == ["12", "ok"]
    found = {cells[0]: cells.faults for cells in faulty}
    assert [list(faults) for faults in found.values()] == [[1], [1], [1]]
    assert "Cell C5 shows #N/A" in found["Bo"][1]
    assert "Cell C6 holds a formula without a stored result" in found["Cy"][1]
    assert sorted(found) == ["Bo", "Cy", "Ed"]


def test_rows_can_be_read_again_and_the_unpacked_copy_goes(book: Path) -> None:
    with open_table(book) as table:
        assert len(table.peek(1)) == 1
        assert len(list(table.rows())) == len(list(table.rows())) == 2
        assert table.position == table.total
        copy = table.source.path
        assert copy.exists()
    assert not copy.exists()


@pytest.mark.parametrize(
    ("name", "rows", "blank", "first"),
    [
        ("simple.xlsx", 6, 0, ["2011-01-01", "1", "Galway"]),
        ("simple.xls", 6, 0, ["2011-01-01", "1", "Galway"]),
        ("simple.ods", 3, 0, ["Bob", "20", "2010-10-10"]),
        ("blank_line.ods", 3, 1, ["Bob", "20", "2010-10-10"]),
        ("loffice-4.4.1.2.ods", 3, 0, ["Bob", "20", "2010-10-10"]),
        ("ods_formats.ods", 5, 0, ["2014-11-11", "11:12:12", "true", "11.11"]),
        ("excel_properties.xls", 17, 1, ["italic"]),
        ("span_rich.xls", 5, 0, ["j", "MERGE", "", "e"]),
        ("sw_gen.xlsx", 15, 0, ["474939423470395392"]),
    ],
)
def test_workbooks_of_many_programs(name: str, rows: int, blank: int, first: list[str]) -> None:
    with open_table(DATA / "messytables" / name) as table:
        found = list(table.rows())
        assert (len(found), table.tally.bad, table.tally.blank) == (rows, 0, blank)
        assert found[0].cells[: len(first)] == first
        merged = "merged_cells" in [note.code for note in table.notes]
        assert merged == (name == "span_rich.xls")

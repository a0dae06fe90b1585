"""A text table is read as its writer meant it: delimiter, quoting, encoding, header, odd rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.records.imports.reading import Table, Unreadable, open_table
from rapport.records.imports.tests.samples import DATA

PEOPLE = (
    "Name,E-mail,City\nAnn Lee,ann@example.com,Lindau\nBo Ek,bo@example.com,Malmö\n"
    "Zoë Åkesson,zoe@example.com,Århus\n"
)


def table_of(tmp_path: Path, content: str | bytes, name: str = "list.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_table(path, filename=name)


def cells(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


def problems(table: Table) -> list[int]:
    return [row.number for row in table.rows() if row.problem]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "\x1f"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path: Path, delimiter: str, end: str) -> None:
    table = table_of(tmp_path, PEOPLE.replace(",", delimiter).replace("\n", end))
    assert table.delimiter == delimiter
    assert table.columns == ["Name", "E-mail", "City"]
    assert cells(table)[1] == ["Bo Ek", "bo@example.com", "Malmö"]


def test_a_semicolon_file_keeps_its_decimal_commas(tmp_path: Path) -> None:
    table = table_of(tmp_path, "name;sum;rate\nAnn;1,5;2,25\nBo;3,0;4,75\n")
    assert (table.delimiter, cells(table)[0]) == (";", ["Ann", "1,5", "2,25"])


def test_names_with_commas_in_one_column_stay_one_column(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Name\nLee, Ann\nEk, Bo\n")
    assert (table.columns, cells(table)) == (["Name"], [["Lee, Ann"], ["Ek, Bo"]])


def test_excels_own_line_names_the_delimiter(tmp_path: Path) -> None:
    table = table_of(tmp_path, "sep=|\nName|City\nAnn, Dr.|Lindau\n")
    assert (table.columns, cells(table)) == (["Name", "City"], [["Ann, Dr.", "Lindau"]])


def test_text_forced_with_an_equals_sign_loses_the_dress(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'Name,ZIP\nAnn,="01067"\nBo,="80331"\n')
    assert cells(table) == [["Ann", "01067"], ["Bo", "80331"]]


def test_a_formula_stays_the_text_it_is(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Name,Note\nAnn,=1+1\nBo,@SUM(A1)\n")
    assert cells(table) == [["Ann", "=1+1"], ["Bo", "@SUM(A1)"]]


@pytest.mark.parametrize(
    ("encoding", "marked"),
    [
        ("utf-8", False), ("utf-8-sig", True), ("utf-16", True), ("utf-16-le", False),
        ("utf-16-be", False), ("utf-32", True), ("cp1252", False), ("mac_roman", False),
        ("cp850", False),
    ],
)  # fmt: skip
def test_western_encodings_are_found(tmp_path: Path, encoding: str, marked: bool) -> None:
    table = table_of(tmp_path, PEOPLE.encode(encoding))
    assert cells(table)[2] == ["Zoë Åkesson", "zoe@example.com", "Århus"]
    assert table.columns[0] == "Name", "a byte order mark is no letter of a name"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", ["Ångström", "Österreich", "Über Äcker", "Ärzte"]),
        ("cp1250", ["Dvořák Jiří", "Žižková Šárka", "Kovács Győző", "Wałęsa Paweł"]),
        ("cp1251", ["Иванов Сергей", "Петрова Анна", "Москва", "Кузнецов Дмитрий"]),
        ("koi8_r", ["Иванов Сергей", "Петрова Анна", "Москва", "Кузнецов Дмитрий"]),
        ("cp1253", ["Παπαδόπουλος Γιώργος", "Νικολάου Μαρία", "Αθήνα", "Θεσσαλονίκη"]),
        ("cp1254", ["Yıldız Çağrı", "Şahin Gökçe", "İstanbul", "Eskişehir"]),
        ("cp1255", ["כהן ישראל", "לוי דנה", "תל אביב", "ירושלים"]),
        ("cp1256", ["محمد أحمد", "فاطمة علي", "القاهرة", "الرياض"]),
        ("cp932", ["田中太郎", "鈴木花子", "東京都", "株式会社サンプル"]),
        ("euc_jp", ["田中太郎", "鈴木花子", "東京都", "株式会社サンプル"]),
        ("gb18030", ["王小明", "李娜", "北京市朝阳区", "有限公司"]),
        ("big5", ["王小明", "陳美玲", "台北市信義區", "有限公司"]),
        ("cp949", ["김철수", "이영희", "서울특별시", "주식회사"]),
        ("iso2022_jp", ["田中太郎", "鈴木花子", "東京都", "大阪市"]),
    ],
)
def test_lists_of_names_betray_their_encoding(
    tmp_path: Path, encoding: str, names: list[str]
) -> None:
    text = "id,name\n" + "".join(f"{place},{name}\n" for place, name in enumerate(names))
    assert [row[1] for row in cells(table_of(tmp_path, text.encode(encoding)))] == names


@pytest.mark.parametrize("name", ["big5", "cp949", "euc_jp", "gb2312", "gbk", "shift_jis"])
def test_known_texts_are_read_like_their_utf8_twins(tmp_path: Path, name: str) -> None:
    folder = DATA / "text-encodings"

    def lines(twin: str) -> list[list[str]]:
        content = (folder / twin).read_bytes().replace(b",", b" ").replace(b'"', b"'")
        return cells(table_of(tmp_path, b"line\n" + content, twin))

    assert lines(f"{name}.text") == lines(f"{name}-utf8.text")


def test_rare_letters_far_down_a_file_are_seen(tmp_path: Path) -> None:
    content = b"name,city\n" + b"Ann,Lindau\n" * 300_000 + "Jörg,Köln\n".encode("cp1252")
    table = table_of(tmp_path, content)
    assert table.encoding == "cp1252"
    assert [row.cells for row in table.rows()][-1] == ["Jörg", "Köln"]


def test_a_row_in_another_encoding_is_kept_apart_and_shown_as_likely_meant(tmp_path: Path) -> None:
    content = PEOPLE.encode() * 3 + "Jörg,j@example.com,Köln\n".encode("cp1252") + b"Al,a@b.de,X\n"
    table = table_of(tmp_path, content)
    rows = list(table.rows())
    assert table.encoding == "utf-8"
    assert [row.cells[0] for row in rows if row.problem] == ["Jörg"]
    assert rows[-1].problem is None


def test_zero_bytes_make_one_bad_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, PEOPLE + "A\x00l,a@example.com,Ulm\nEd,e@example.com,Bern\n")
    assert problems(table) == [4]
    assert [row.cells[0] for row in table.rows()][3:] == ["Al", "Ed"]


def test_a_chosen_encoding_is_used_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("name,city\nJörg,Köln\n".encode("cp1252"))
    assert cells(open_table(path, encoding="cp1250"))[0] == ["Jörg", "Köln"]
    for wrong in ("utf-8", "no-such-encoding", "hex", "undefined"):
        with pytest.raises(Unreadable) as refused:
            open_table(path, encoding=wrong)
        assert refused.value.code == "wrong_encoding"


def test_short_rows_are_padded_and_long_ones_are_bad_unless_blank(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b,c\n1\n1,2\n1,2,3,,\n1,2,3,4\n,,\n\n5,6,7\n")
    rows = list(table.rows())
    assert [row.cells for row in rows] == [
        ["1", "", ""], ["1", "2", ""], ["1", "2", "3"], ["1", "2", "3", "4"], ["5", "6", "7"],
    ]  # fmt: skip
    assert [row.number for row in rows] == [1, 2, 3, 4, 7], "blank rows count, but go nowhere"
    assert "4 values for 3 columns" in str(rows[3].problem)
    assert (table.tally.good, table.tally.bad, table.tally.blank) == (4, 1, 2)
    assert table.tally.padded == 2


def test_what_stands_above_the_header_is_left_out_and_told(tmp_path: Path) -> None:
    notes = 'Notes:\n"When exporting, some e-mails are missing, as members wish."\n\n'
    table = table_of(tmp_path, notes + "First Name,Last Name,URL\nAnn,Lee,https://x.example\n")
    assert table.columns == ["First Name", "Last Name", "URL"]
    assert [note.code for note in table.notes] == ["preamble"]
    assert cells(table) == [["Ann", "Lee", "https://x.example"]]


def test_a_file_without_header_loses_no_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Ann,ann@example.com,12\nBo,bo@example.com,7\n")
    assert table.columns == ["Column 1", "Column 2", "Column 3"]
    assert [note.code for note in table.notes] == ["no_header"]
    assert len(cells(table)) == 2


def test_years_in_the_header_are_names(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Region,2021,2022,2023\nNorth,5,6,7\nSouth,8,9,1\n")
    assert table.columns == ["Region", "2021", "2022", "2023"]


def test_the_header_row_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ann,Lee\nFirst,Last\nBo,Ek\n")
    assert open_table(path, header=1).columns == ["First", "Last"]
    assert cells(open_table(path, header=-1))[0] == ["Ann", "Lee"]


def test_double_and_missing_column_names_become_unique(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Email,email,,Email (2),Name\na,b,c,d,e\nf,g,h,i,j\n")
    assert table.columns == ["Email", "email (3)", "Column 3", "Email (2)", "Name"]
    assert [note.code for note in table.notes] == ["duplicate_columns"]


def test_empty_columns_at_the_end_are_dropped(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b,,,\n1,2,,,\n3,4,,,\n")
    assert (table.columns, cells(table)) == (["a", "b"], [["1", "2"], ["3", "4"]])


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    lines = "".join(f"{place},Person {place}\n" for place in range(20_000))
    table = table_of(tmp_path, f'id,name\n1,Ann\n2,"Bo\n3,Cy\n{lines}')
    rows = list(table.rows())
    assert [row.number for row in rows if row.problem] == [2]
    assert rows[1].cells[-1].endswith("Bo")
    assert rows[2].cells == ["3", "Cy"]
    assert len(rows) == 20_003


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('1,"Big" Bob', ["1", '"Big" Bob']),
        ('1,"He said "hi" to me"', ["1", 'He said "hi" to me']),
        ('1,"Ann" ', ["1", "Ann"]),
        ('1,5" pipe', ["1", '5" pipe']),
    ],
)
def test_careless_quotation_marks_are_understood(
    tmp_path: Path, line: str, meant: list[str]
) -> None:
    table = table_of(tmp_path, f'id,name\n0,"x"\n{line}\n2,"y, z"\n')
    assert cells(table) == [["0", "x"], meant, ["2", "y, z"]]
    assert problems(table) == []


def test_lines_after_a_broken_cell_are_not_taken_for_rows(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'id,note,x\n1,"one\ntwo "2" three\nend",9\n2,good,8\n')
    rows = list(table.rows())
    assert [row.cells for row in rows if not row.problem] == [["2", "good", "8"]]


def test_a_cell_without_end_in_sight_costs_one_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"id,name\n1,Ann\n2,{'x' * 1_200_000}\n3,Cy\n")
    rows = list(table.rows())
    assert [row.number for row in rows if row.problem] == [2]
    assert "million characters" in str(rows[1].problem)


def test_quoting_by_backslash_and_by_apostrophe(tmp_path: Path) -> None:
    slashed = table_of(tmp_path, 'id,name\n1,"say \\"hi\\", Bo"\n2,"x"\n')
    assert cells(slashed)[0] == ["1", 'say "hi", Bo']
    single = table_of(tmp_path, "id,name\n" + "".join(f"{n},'Lee, Ann'\n" for n in range(5)))
    assert cells(single)[0] == ["0", "Lee, Ann"]


def test_gzip_and_a_lone_file_in_a_zip_are_opened(tmp_path: Path) -> None:
    assert len(cells(table_of(tmp_path, gzip.compress(PEOPLE.encode()), "list.csv.gz"))) == 3
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", PEOPLE)
        archive.writestr("__MACOSX/._list.csv", b"\x00\x05")
    assert len(cells(table_of(tmp_path, packed.getvalue(), "list.zip"))) == 3


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,name\n" + "1,Ann\n" * 400_000)
    seen = [table.position for row in table.rows() if row.number % 100_000 == 0]
    assert seen == sorted(seen)
    assert 0 < seen[0] < table.total
    assert table.position == table.total


SPECTRUM = DATA / "csv-spectrum"


@pytest.mark.parametrize("name", sorted(path.stem for path in (SPECTRUM / "csvs").iterdir()))
def test_csv_spectrum_is_read_exactly(name: str) -> None:
    expected = json.loads((SPECTRUM / f"json/{name}.json").read_text(errors="replace"))
    table = open_table(SPECTRUM / f"csvs/{name}.csv")
    found = [dict(zip(table.columns, row, strict=True)) for row in cells(table)]
    if name == "location_coordinates":  # the publisher's twin is of an older file
        expected = [expected | {"Contact Phone Number": "2095257564"}]
    assert found == expected


WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="﻿"),
    max_size=12,
)
CELL = st.one_of(WORD, WORD.map(lambda word: f'{word}\n"{word}", x'), st.just(""))


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=3, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_a_spreadsheet_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    end: str,
    encoding: str,
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerows([("first", "second", "third"), *rows])
    path = tmp_path_factory.mktemp("written") / "list.csv"
    path.write_bytes(file.getvalue().encode(encoding))
    expected = [list(row) for row in rows if any(cell.strip() for cell in row)]
    if not expected:
        return
    table = open_table(path, delimiter=",", header=0)
    assert [row for row in cells(table) if any(cell.strip() for cell in row)] == expected


def test_bars_inside_of_quoted_cells_are_no_delimiter(tmp_path: Path) -> None:
    people = "\n".join(f"Person {n} | champion" for n in range(3))
    rows = "".join(f'Deal {n},,,,,,,"{people}",\r\n' for n in range(12))
    header = "Name,Company,Stage,Amount,Currency,Closes,Owner,People,Tags\r\n"
    file = tmp_path / "deals.csv"
    file.write_text(header + rows)
    with open_table(file, filename="deals.csv") as table:
        assert table.columns[7] == "People"
        assert [cells[7] for _number, cells, _fault in table.rows()] == [people] * 12

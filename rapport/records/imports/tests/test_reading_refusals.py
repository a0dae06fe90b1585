"""Each file that can't be imported is refused with a sentence, before it can do harm."""

from __future__ import annotations

import gzip
import io
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from pytest_django import Settings

from rapport.records.imports.reading import Limits, Unreadable, open_table
from rapport.records.imports.reading.unreadable import SENTENCES
from rapport.records.imports.tests.samples import DATA

MIB = 1024 * 1024


def refusal(path: Path, **options: Any) -> Unreadable:
    """How the file is refused, when it is opened or when its rows are read."""
    with (
        pytest.raises(Unreadable) as refused,
        open_table(path, filename=path.name, **options) as table,
    ):
        list(table.rows())
    return refused.value


def written(tmp_path: Path, content: bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def workbook(tmp_path: Path, rows: Sequence[Sequence[object]], name: str = "list.xlsx") -> Path:
    path = tmp_path / name
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("People")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return path


def test_every_sentence_is_whole() -> None:
    facts = dict.fromkeys(("limit", "what", "encoding", "count", "sheet"), "x")
    for sentence in SENTENCES.values():
        text = str(sentence) % facts
        assert text.endswith("."), text
        assert "!" not in text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b",,,\n,,\n", "no_header"),
        (b"sep=;\n", "no_header"),
        (b"Name,City\n", "no_rows"),
        (b"Name,City\n,\n\n", "no_rows"),
        (bytes(range(256)) * 40, "binary"),
        (b"x" * (9 * MIB), "binary"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "not_a_table"),
        (b'{"people": []}', "not_a_table"),
        (b'<?xml version="1.0"?><people/>', "not_a_table"),
        (b"<html><body><table><tr><td>a</td></tr></table></body></html>", "web_page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", "web_page"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann", "no_cards"),
        (b'["vcard", [["fn", {}, "text", "Ann"]', "truncated"),
        (b"PK\x03\x04 and then nothing", "truncated"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "truncated"),
        (b",".join(b"c%d" % place for place in range(2_100)) + b"\n1\n", "too_many_columns"),
        (gzip.compress(b"name,city\nAnn,Lindau\n" * 99_000)[:-900], "truncated"),
        (zipped({"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b\n1,2\n"}), "several_files"),
        (zipped({}), "empty"),
        (zipped({"word/document.xml": b"<w/>"}), "not_a_table"),
        (zipped({"Index/Document.iwa": b"x"}), "old_workbook"),
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(written(tmp_path, content)).code == code


def test_a_file_that_is_gone_is_missed_kindly(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.csv").code == "missing"


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"name,city\n")
        file.truncate(2 * 1024 * MIB + 1)
    refused = refusal(path)
    assert refused.code == "too_large"
    assert "2.0" in refused.sentence


def test_the_limit_is_a_setting(tmp_path: Path, settings: Settings) -> None:
    settings.IMPORT_FILE_LIMIT = 10
    assert refusal(written(tmp_path, b"name,city\nAnn,Lindau\n")).code == "too_large"


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a.csv": content})])
def test_packed_files_stop_at_the_limit(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = written(tmp_path, pack(b"name,city\n" + b"Ann,Lindau\n" * 400_000), "list.packed")
    assert refusal(path, limits=Limits(file=MIB)).code == "too_large"


def test_workbooks_with_a_password_are_refused(tmp_path: Path) -> None:
    assert refusal(DATA / "messytables/encrypted_no_password.xls").code == "encrypted"
    modern = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900) + "EncryptedPackage".encode("utf-16-le")
    )
    assert refusal(written(tmp_path, modern, "list.xlsx")).code == "encrypted"
    document = {"content.xml": b"\x00", "META-INF/manifest.xml": b"<m:encryption-data/>"}
    assert refusal(written(tmp_path, zipped(document), "list.ods")).code == "encrypted"
    locked = bytearray(zipped({"xl/workbook.xml": b"<workbook/>"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(written(tmp_path, bytes(locked), "locked.xlsx")).code == "encrypted"


def test_an_honest_bomb_is_refused_by_what_it_declares(tmp_path: Path) -> None:
    parts = {"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": bytes(40 * MIB)}
    assert refusal(written(tmp_path, zipped(parts), "bomb.xlsx")).code == "zip_bomb"
    assert (
        refusal(written(tmp_path, zipped({"a.csv": bytes(40 * MIB)}), "b.zip")).code == "zip_bomb"
    )


def test_a_lying_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    content = bytearray(zipped({"xl/workbook.xml": b"<w/>" + b" " * (9 * MIB)}))
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, entry + 24, 4)
    assert refusal(written(tmp_path, bytes(content), "liar.xlsx")).code == "zip_bomb"


def test_thousands_of_parts_are_refused(tmp_path: Path) -> None:
    parts = {f"xl/part{place}.xml": b"" for place in range(2_100)} | {"xl/workbook.xml": b""}
    assert refusal(written(tmp_path, zipped(parts), "parts.xlsx")).code == "zip_bomb"


def test_a_workbook_over_the_limit_is_advised_to_become_csv(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["name"], *[[f"Ann {place}"] for place in range(9_000)]])
    refused = refusal(path, limits=Limits(workbook=100_000))
    assert refused.code == "workbook_too_large"
    assert "CSV" in refused.sentence


def test_two_cells_at_the_ends_of_a_sheet_do_not_end_the_server(tmp_path: Path) -> None:
    path = tmp_path / "span.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, "last")
    assert refusal(path).code == "workbook_too_large"


def test_a_long_text_shared_by_many_cells_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["x" * 30_000] * 5 for _ in range(4_000)])
    assert path.stat().st_size < MIB
    limits = Limits(workbook_memory=400 * MIB)
    assert refusal(path, limits=limits).code == "workbook_too_large"


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["name"], ["Ann"]]).read_bytes()
    assert refusal(written(tmp_path, whole[: len(whole) // 2], "half.xlsx")).code == "truncated"
    assert (
        refusal(written(tmp_path, zipped({"xl/workbook.xml": b"<"}), "x.xlsx")).code == "truncated"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path, [["name"], ["Ann"]])
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - closed by the reader
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda **_: full)
    assert refusal(path).code == "disk_full"
    assert full.closed


def test_an_unknown_sheet_is_named(tmp_path: Path) -> None:
    refused = refusal(workbook(tmp_path, [["name"], ["Ann"]]), sheet="Firms")
    assert refused.code == "no_sheet"
    assert "Firms" in refused.sentence


def test_hopeless_quoting_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.imports.reading.records.MOST_REREAD", 5_000)
    content = b"id,name,x\n" + b'y","z\n' * 20_000
    assert refusal(written(tmp_path, content), delimiter=",").code == "quotes"


@pytest.mark.parametrize("name", ["badcolspan.htm", "complex.htm", "rowcolspan.htm"])
def test_web_pages_are_refused_by_their_content(name: str) -> None:
    assert refusal(DATA / "messytables" / name).code == "web_page"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("simple.unknown", "empty"), ("small.csv", "no_rows"), ("utf8bom.csv", "no_rows"),
        ("libreoffice.xlsx", "empty"), ("multilineods.ods", "no_rows"),
        ("unicode_sheet_name.xls", "no_rows"),
    ],
)  # fmt: skip
def test_files_without_rows_say_so(name: str, code: str) -> None:
    assert refusal(DATA / "messytables" / name).code == code

"""What a bad file or row is told, in the words a person reads."""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from xlsxwriter import Workbook

from rapport.accounts.testing import make_user
from rapport.contacts.models import EmailAddress, Person, PhoneNumber
from rapport.records.imports.drafting import draft
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running import run_import
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
GOOD = "Good,Row,good@firm.example,,"


def kept(content: bytes, name: str) -> str:
    path = Path(settings.MEDIA_ROOT) / "imports" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"imports/{name}"


def take(content: bytes, name: str = "people.csv", country: str = "US") -> ImportRun:
    run = draft(HOUSE, "person", name, kept(content, name))
    return run_import(run, HOUSE, context_for(HOUSE, currency="EUR", country=country))


def people(*rows: str) -> bytes:
    head = "First name,Last name,Email,Phone,Birthday"
    return "\n".join([head, GOOD, *rows]).encode()


def refusal(content: bytes, name: str = "people.csv") -> str:
    """Why the file is not taken; nothing of it is kept then."""
    place = kept(content, name)
    with pytest.raises(Unreadable) as refused:
        draft(HOUSE, "person", name, place)
    assert not (Path(settings.MEDIA_ROOT) / place).exists()
    assert not ImportRun.objects.exists()
    return str(refused.value)


def reasons(run: ImportRun) -> list[str]:
    """Why rows came back; the good one beside them was taken."""
    assert run.created >= 1
    return list(run.problems.order_by("number").values_list("reason", flat=True))


def test_an_empty_file() -> None:
    assert refusal(b"") == "This file is empty. Export it again and check that it holds rows."


def test_a_binary_file() -> None:
    assert refusal(bytes(range(256)) * 40).startswith("This file is not a table. Save it as CSV")


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_FILE_LIMIT", 1_000, raising=False)
    sentence = refusal(people(*["Ada,Lovelace,,," for _row in range(200)]))
    assert sentence.startswith("This file is larger than")
    assert "Split it into several files" in sentence


def test_a_zip_bomb() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000_000)
    sentence = refusal(packed.getvalue(), "people.xlsx")
    assert "unpacks to far more than its size promises" in sentence


def test_a_text_that_is_not_in_the_encoding_it_says() -> None:
    run = take(b"\xef\xbb\xbfFirst name,Last name\nGood,Row\nJos\xe9,Mu\xf1oz\n")
    assert reasons(run) == ["Some letters of this row could not be read as utf-8-sig. Check them."]
    assert Person.objects.get().name == "Good Row"


def test_western_letters_are_read_as_such() -> None:
    take("First name,Last name\nJosé,Muñoz\nJürgen,Groß\n".encode("cp1252"))
    assert Person.objects.filter(name="José Muñoz").exists()


def test_duplicate_headers() -> None:
    run = take(b"First name,Last name,Email,Email\nGood,Row,a@x.example,b@x.example\n")
    assert [one["column"] for one in run.assigned][-1] == "Email (2)"
    found = EmailAddress.objects.order_by("position").values_list("normalised", flat=True)
    assert list(found) == ["a@x.example", "b@x.example"]


def test_a_formula_cell() -> None:
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["First name", "Last name", "Notes"])
        sheet.write_row(1, 0, ["Good", "Row"])
        sheet.write_formula(1, 2, "=1+1", None, 2)
    run = take(content.getvalue(), "people.xlsx")
    assert (reasons(run), Person.objects.get().description) == ([], "2")


def test_a_cell_that_shows_an_error_costs_its_own_field_only() -> None:
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, ["First name", "Notes", "Email", "Whatever"])
        sheet.write_row(2, 1, ["Good", "fine", "good@firm.example", "#REF!"])
        sheet.write_row(3, 1, ["Ada"])
        sheet.write_formula(3, 2, "=VLOOKUP(1,A:B,2)", None, "#N/A")
        sheet.write_row(4, 1, ["Bob", "", "#VALUE!"])
    run = take(content.getvalue(), "people.xlsx")
    assert reasons(run) == [
        "Description: Cell C4 shows #N/A instead of a value.",
        "Cell D5 shows #VALUE! instead of a value.",
    ]
    assert (run.created, run.partial, run.failed) == (2, 1, 1)
    assert Person.objects.get(first_name="Ada").description == ""


def test_a_formula_in_a_text_file_stays_text() -> None:
    run = take(b"First name,Last name,Notes\nGood,Row,=1+1\n")
    assert (reasons(run), Person.objects.get().description) == ([], "=1+1")


def test_a_day_that_is_in_no_calendar() -> None:
    (reason,) = reasons(take(people("Ada,Lovelace,,,13/14/2026")))
    assert reason == (
        "Birthday: “13/14/2026” is not a date: there is no month 13. Write it like 2026-11-30."
    )
    assert Person.objects.get(first_name="Ada").birthday is None


def test_an_impossible_address() -> None:
    (reason,) = reasons(take(people("Ada,Lovelace,ada at acme,,")))
    assert reason == "“ada at acme” has no @, so it is not an email address."


def test_a_phone_without_a_country() -> None:
    (reason,) = reasons(take(people("Ada,Lovelace,,030 1234567,"), country=""))
    assert "country" in reason
    assert Person.objects.filter(first_name="Ada").exists()
    assert not PhoneNumber.objects.exists()


def test_a_disk_that_fills_up_while_a_file_arrives(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    def full(_handler: object, _chunk: bytes, start: int) -> None:
        if start:
            raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    client.force_login(make_user())
    client.raise_request_exception = False
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    large = people(*["Ada,Lovelace,,,"] * 10_000)
    answer = client.post("/import/people/", {"file": io.BytesIO(large)})
    assert answer.status_code == 507
    assert "The server's disk is full" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []
    assert not ImportRun.objects.exists()


def test_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client.force_login(make_user())
    monkeypatch.setattr("rapport.records.imports.drafting.shutil.copyfileobj", full)
    folder = Path(settings.MEDIA_ROOT) / "imports"
    before = set(folder.glob("*"))
    answer = client.post("/import/people/", {"file": io.BytesIO(people())})
    assert answer.status_code == 422
    assert "the disk of this server may be full" in answer.content.decode()
    assert set(folder.glob("*")) == before

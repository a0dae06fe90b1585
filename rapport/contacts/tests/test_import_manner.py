"""How a file is read: found by itself, or chosen by a person who sees the preview change."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from xlsxwriter import Workbook

from rapport.accounts.testing import make_user
from rapport.contacts.models import Person
from rapport.kit.ids import uuid7
from rapport.records.imports.drafting import draft
from rapport.records.imports.problems import problems_text
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running import run_import
from rapport.records.imports.stored import Manner
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="ES")
# Of Central Europe, but every letter is one of Western Europe too.
POLISH = "First name,Last name,City\nŁukasz,Dąbrowski,Łódź\n".encode("cp1250")


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_user())
    return client


def drafted(content: bytes, name: str = "people.csv", manner: Manner | None = None) -> ImportRun:
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return draft(HOUSE, "person", name, place, manner=manner)


def choose(browser: Client, run: ImportRun, **choices: str) -> str:
    """The page after a choice of how the file is read."""
    answer = browser.post(f"/import/run/{run.pk}/choose/", {"do": "look", **choices})
    run.refresh_from_db()
    return str(answer.content.decode())


def fields(run: ImportRun) -> dict[str, str]:
    return {one["column"]: one["field"] for one in run.assigned}


def sheets() -> bytes:
    content = io.BytesIO()
    with Workbook(content) as book:
        first = book.add_worksheet("Notes")
        first.write_column(0, 0, ["Remarks", "Keep this list tidy"])
        second = book.add_worksheet("People")
        second.write_row(0, 0, ["First name", "Last name"])
        second.write_row(1, 0, ["Ada", "Lovelace"])
    return content.getvalue()


def test_another_encoding_is_chosen_and_seen_at_once(browser: Client) -> None:
    run = drafted(POLISH, manner=Manner(encoding="cp1252"))
    assert "Łódź" not in browser.get(f"/import/run/{run.pk}/").content.decode()
    page = choose(browser, run, encoding="cp1250")
    assert "Łódź" in page
    assert '<option value="cp1250" selected>cp1250</option>' in page
    run_import(run, HOUSE, CONTEXT)
    assert Person.objects.get().name == "Łukasz Dąbrowski"


def test_an_encoding_that_does_not_fit_is_refused_and_the_old_one_stays(browser: Client) -> None:
    run = drafted(POLISH, manner=Manner(encoding="cp1250"))
    page = choose(browser, run, encoding="utf-8")
    assert "This file is not written in utf-8." in page
    assert (run.encoding, "Łódź" in page) == ("cp1250", True)


def test_another_delimiter_makes_other_columns_with_a_mapping_of_their_own(
    browser: Client,
) -> None:
    run = drafted(b"First name;Last name, Jr\nAda;Lovelace, x\n", manner=Manner(delimiter=","))
    assert list(fields(run)) != ["First name", "Last name, Jr"]
    choose(browser, run, delimiter=";")
    assert fields(run)["First name"] == "first_name"


def test_the_row_of_names_is_chosen(browser: Client) -> None:
    text = b"List,of,friends\nFirst name,Last name,City\nAda,Lovelace,London\n"
    run = drafted(text, manner=Manner(header=0))
    page = choose(browser, run, header="1")
    assert '<option value="1" selected>2: First name, Last name, City</option>' in page
    assert fields(run) == {"First name": "first_name", "Last name": "last_name", "City": "city"}
    assert run_import(run, HOUSE, CONTEXT).created == 1


def test_a_file_without_names_is_mapped_by_place(browser: Client) -> None:
    run = drafted(b"Ada,Lovelace,ada@acme.example\nBob,Babbage,bob@acme.example\n")
    choose(browser, run, header="-1")
    names = [f"Column {n}" for n in (1, 2, 3)]
    assert all(name in choose(browser, run) for name in names)
    choose(browser, run, **{"field-0": "first_name", "field-1": "last_name", "field-2": "emails"})
    assert run_import(run, HOUSE, CONTEXT).created == 2
    assert set(Person.objects.values_list("name", flat=True)) == {"Ada Lovelace", "Bob Babbage"}


def test_the_choices_of_columns_stay_while_the_columns_do(browser: Client) -> None:
    run = drafted(POLISH, manner=Manner(encoding="cp1252"))
    posted = {"column-2": "City", "field-0": "first_name", "field-2": "region"}
    choose(browser, run, encoding="cp1250", **posted)
    assert fields(run) == {"First name": "first_name", "City": "region"}


def test_a_sheet_is_chosen_and_its_own_names_are_found(browser: Client) -> None:
    run = drafted(sheets(), "book.xlsx")
    page = browser.get(f"/import/run/{run.pk}/").content.decode()
    assert '<option value="Notes" selected>Notes</option>' in page
    choose(browser, run, sheet="Notes", header="-1")
    assert ImportRun.objects.filter(pk=run.pk, header=-1).exists()
    choose(browser, run, sheet="People", header="-1")
    assert (run.sheet, run.header) == ("People", None)
    assert fields(run) == {"First name": "first_name", "Last name": "last_name"}
    run_import(run, HOUSE, CONTEXT)
    assert Person.objects.get().name == "Ada Lovelace"


def test_a_sheet_that_is_not_there_is_refused(browser: Client) -> None:
    run = drafted(sheets(), "book.xlsx")
    page = choose(browser, run, sheet="Firms")
    assert "This workbook has no sheet named “Firms”." in page
    with pytest.raises(Unreadable):
        drafted(sheets(), "book.xlsx", Manner(sheet="Firms"))


def test_a_workbook_is_asked_no_encoding_and_a_card_no_names(browser: Client) -> None:
    book = drafted(sheets(), "book.xlsx")
    page = browser.get(f"/import/run/{book.pk}/").content.decode()
    assert 'name="encoding"' not in page
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nN:Lovelace;Ada;;;\nEND:VCARD\n"
    cards = drafted(card, "ada.vcf")
    page = browser.get(f"/import/run/{cards.pk}/").content.decode()
    assert 'name="header"' not in page
    assert 'name="delimiter"' not in page


def test_a_check_and_the_file_to_mend_read_the_file_in_the_same_way(browser: Client) -> None:
    text = "x;y\nVorname;Geburtstag\nJürgen;kaputt\n".encode("cp1252")
    run = drafted(text, manner=Manner(encoding="cp1252", delimiter=";", header=1))
    browser.post(f"/import/run/{run.pk}/choose/", {"do": "check"})
    check = ImportRun.objects.get(check_of=run)
    run_import(check, HOUSE, CONTEXT)
    assert (check.created, check.partial) == (1, 1)
    assert problems_text(check).splitlines()[1].startswith("Jürgen,kaputt,")


def test_what_was_decided_without_asking_is_told_in_the_report(browser: Client) -> None:
    run = drafted(b"First name,Owner\nAda,Somebody Else\nBob,Somebody Else\n")
    run_import(run, HOUSE, CONTEXT)
    note = "“Somebody Else” is no user here. What is new of theirs is yours for now."
    assert run.notes == {note: 2}
    page = browser.get(f"/import/run/{run.pk}/").content.decode()
    assert "Decided for you" in page
    assert note in page

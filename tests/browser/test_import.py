"""Bringing a file in: reading, choosing columns, the work itself, its report and its undoing."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from rapport.contacts.models import Person
from rapport.records.jobs import run_job
from rapport.records.models import Job
from tests.browser.watch import Watch

type Check = Callable[[Page], None]

ROWS = (
    b"First name,Last name,E-mail,Town\nAda,Berg,ada@x.example,Oslo\nBo,Vik,bo@x.example,Bergen\n"
)


def _upload(page: Page, content: bytes, name: str = "people.csv", plural: str = "people") -> None:
    page.goto(f"/import/{plural}/")
    page.set_input_files("#import-file", files=[_payload(name, content)])
    page.get_by_role("button", name="Read the file").click()


def _payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def _work() -> None:
    for job in Job.objects.filter(state=Job.State.WAITING):
        run_job(job.pk)


def test_a_file_is_imported_and_taken_back(page: Page, axe: Check) -> None:
    _upload(page, ROWS)
    town = page.get_by_label("Field for column Town")
    expect(town).to_have_value("city")
    axe(page)
    town.focus()
    town.select_option("region")
    preview = page.get_by_role("region", name="The first rows as they would land")
    expect(preview.get_by_role("columnheader", name="Region")).to_be_visible()
    expect(town).to_be_focused()
    page.get_by_role("button", name="Import the file").click()
    expect(page.get_by_text("It starts in a moment.")).to_be_visible()
    axe(page)
    _work()
    page.reload()
    expect(page.get_by_text("Finished")).to_be_visible()
    axe(page)
    assert set(Person.objects.values_list("region", flat=True)) == {"Oslo", "Bergen"}
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_hidden()
    page.goto("/people/")
    expect(page.get_by_text("No people yet")).to_be_visible()
    axe(page)


@pytest.mark.long
def test_what_is_chosen_while_the_columns_are_drawn_anew_stays(page: Page) -> None:
    _upload(page, ROWS)
    town, mail = (page.get_by_label(f"Field for column {name}") for name in ("Town", "E-mail"))
    expect(mail).to_have_value("emails")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/choose/", slowly)
    town.select_option("region")
    mail.select_option("")
    heads = page.get_by_role("region", name="The first rows as they would land").get_by_role(
        "columnheader"
    )
    expect(heads).to_have_text(["Row", "First name", "Last name", "State or region"])
    expect(mail).to_have_value("")
    expect(town).to_have_value("region")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty", marks=pytest.mark.long),
        pytest.param(b"\x00\x01\x02\xff" * 200, id="binary"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(
    page: Page, watch: Watch, content: bytes
) -> None:
    watch.allow("422")
    _upload(page, content)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not Job.objects.exists()


@pytest.mark.long
def test_a_wrong_guess_of_the_encoding_is_put_right_by_keyboard(page: Page, axe: Check) -> None:
    # One sign beyond ASCII is too little to tell the west from Central Europe by.
    _upload(page, "First name,Last name,Town\nAda,Berg,£5 Hill\n".encode("cp1252"))
    preview = page.get_by_role("region", name="The first rows as they would land")
    expect(preview.get_by_text("Ł5 Hill")).to_be_visible()
    encoding = page.get_by_label("Encoding")
    encoding.focus()
    encoding.select_option("cp1252")
    expect(preview.get_by_text("£5 Hill")).to_be_visible()
    expect(page.get_by_label("Encoding")).to_be_focused()
    expect(page.get_by_label("Field for column Town")).to_have_value("city")
    axe(page)


@pytest.mark.long
def test_how_a_file_is_read_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _upload(page, b"a;b\nFirst name;Last name\nAda;Berg\n")
    page.get_by_label("Column names").select_option("1")
    expect(page.get_by_label("Field for column Last name")).to_have_value("last_name")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


@pytest.mark.long
def test_a_lead_file_is_checked_and_tells_what_is_left_out_on_a_phone(
    page: Page, axe: Check
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    rows = b"First name,Last name,E-mail,Phone,Rating\nAda,Berg,ada@x.example,12,Hot\n"
    _upload(page, rows, "leads.csv", "leads")
    first = page.get_by_label("Field for column First name")
    expect(first).to_have_value("person.first_name")
    expect(page.get_by_text("Person: Phone: “12”")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Import the file").press("Enter")
    expect(page.get_by_text("It starts in a moment.")).to_be_visible()
    _work()
    page.reload()
    expect(page.get_by_text("taken in part")).to_be_visible()
    expect(page.get_by_role("heading", name="What was left out")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rows to mend").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].endswith("Why it was not imported,Record in Rapport")


def test_a_file_that_is_too_large_is_not_sent(page: Page, settings: Any) -> None:
    settings.IMPORT_FILE_LIMIT = len(ROWS)
    page.goto("/import/people/")
    field = page.locator("#import-file")
    field.set_input_files(_payload("more.csv", ROWS + b"\n"))
    expect(page.get_by_text("“more.csv” is larger than")).to_be_visible()
    expect(field).to_have_js_property("value", "")
    field.set_input_files(_payload("people.csv", ROWS))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Field for column Town")).to_be_visible()


@pytest.mark.long
def test_several_files_are_recognised_corrected_by_keyboard_and_taken_back(
    page: Page, axe: Check
) -> None:
    page.goto("/import/")
    axe(page)
    firms = b"Company name,Website,Industry\nAcme,acme.example,Tools\n"
    files = [
        _payload("a.csv", ROWS),
        _payload("b.csv", firms),
        _payload("c.csv", b"id,name\n1,x\n"),
    ]
    page.set_input_files("#import-files", files=files)
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_label("What a.csv becomes")).to_have_value("person")
    axe(page)
    unknown = page.get_by_label("What c.csv becomes")
    unknown.focus()
    unknown.select_option("company")
    expect(page.get_by_role("checkbox", name="c.csv")).to_be_checked()
    page.get_by_role("checkbox", name="c.csv").press("Space")
    page.get_by_role("link", name="4 of 4 find a field").click()
    expect(page.get_by_label("Field for column Town")).to_have_value("city")
    page.get_by_role("button", name="Back to all files").click()
    page.get_by_role("checkbox", name="c.csv").press("Space")
    page.get_by_role("button", name="Import all files").click()
    expect(page.get_by_text("It starts in a moment.")).to_be_visible()
    _work()
    page.reload()
    expect(page.get_by_text("You left it out.")).to_be_visible()
    axe(page)
    assert Person.objects.count() == 2
    page.get_by_role("button", name="Undo the whole import").click()
    expect(page.get_by_role("button", name="Undo the whole import")).to_be_hidden()
    page.goto("/people/")
    expect(page.get_by_text("No people yet")).to_be_visible()

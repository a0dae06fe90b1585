"""Bringing a file in: reading, choosing columns, the work itself, its report and its undoing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from rapport.contacts.models import Person
from rapport.records.jobs import run_job
from rapport.records.models import Job

type Check = Callable[[Page], None]

ROWS = (
    b"First name,Last name,E-mail,Town\nAda,Berg,ada@x.example,Oslo\nBo,Vik,bo@x.example,Bergen\n"
)


def _upload(page: Page, content: bytes, name: str = "people.csv") -> None:
    page.goto("/import/people/")
    chosen: FilePayload = {
        "name": name,
        "mimeType": "application/octet-stream",
        "buffer": content,
    }
    page.set_input_files("#import-file", files=[chosen])
    page.get_by_role("button", name="Read the file").click()


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


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 200], ids=["empty", "binary"])
def test_what_is_no_table_is_refused_with_a_sentence(
    page: Page, watch: object, content: bytes
) -> None:
    watch.allow("422")  # type: ignore[attr-defined]
    _upload(page, content)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not Job.objects.exists()

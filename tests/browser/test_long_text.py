"""Long text with its formatting, in a form and where one reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from rapport.contacts.models import Company
from rapport.records import registry
from rapport.records.testing import create

type Check = Callable[[Page], None]

TEXT = "<h2>Old</h2><p>One <strong>word</strong></p>"


@pytest.mark.long
def test_it_is_edited_as_it_reads_and_kept_until_somebody_types(page: Page, axe: Check) -> None:
    key = create("company", name="Nordwind", description=TEXT)
    page.goto(f"/companies/{key}/edit/")
    editor = page.locator("trix-editor")
    expect(editor).to_contain_text("One word")
    axe(page)
    page.get_by_label("City").fill("Lund")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Nordwind", exact=True)).to_be_visible()
    company = Company.objects.get()
    assert (company.city, company.description) == ("Lund", TEXT)
    page.goto(f"/companies/{key}/edit/")
    expect(editor).to_contain_text("One word")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" more")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Nordwind", exact=True)).to_be_visible()
    assert "<strong>word more</strong>" in Company.objects.get().description


@pytest.mark.long
def test_what_is_typed_before_the_editor_is_there_stays(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/trix.min.js", hold)
    with page.expect_request("**/trix.min.js"):
        page.goto("/companies/new/")
    page.get_by_label("Name", exact=False).first.fill("Nordwind")
    page.get_by_label("Description").click()
    page.keyboard.type("Early")
    held[0].continue_()
    editor = page.locator("trix-editor")
    expect(editor).to_have_text("Early")
    expect(editor).to_be_focused()
    page.keyboard.type(" bird")
    expect(editor).to_have_text("Early bird")
    page.get_by_role("button", name="Create company").click()
    expect(page.get_by_role("heading", name="Nordwind", exact=True)).to_be_visible()
    assert "Early bird" in Company.objects.get().description


@pytest.mark.long
def test_it_is_edited_in_its_place_on_the_page(page: Page) -> None:
    page.goto(registry.get("company").url(create("company", name="Nordwind", description=TEXT)))
    page.get_by_role("button", name="Edit description").click()
    expect(page.locator("[data-editing] trix-editor")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" more")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editing]")).to_have_count(0)
    expect(page.locator("dd", has_text="One word more")).to_be_visible()

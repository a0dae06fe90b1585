"""Editing where one reads: cells of a list, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from rapport.records.testing import create
from tests.browser.watch import Watch

type Check = Callable[[Page], None]


@pytest.fixture
def cell(page: Page) -> Locator:
    """The cell of a person's city, with the focus on it."""
    create("person", first_name="Ada", last_name="Berg", city="Oslo")
    create("person", first_name="Bo", last_name="Vik", city="Bergen")
    page.goto("/people/?columns=name,city,job_title")
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    cell = page.locator("td.c-city").first
    expect(cell).to_be_focused()
    return cell


def test_enter_opens_a_cell_and_saves_it_and_escape_brings_it_back(
    page: Page, cell: Locator, axe: Check
) -> None:
    cell.press("Enter")
    field = page.get_by_role("textbox", name="City")
    expect(field).to_be_focused()
    axe(page)
    field.fill("Lund")
    field.press("Enter")
    expect(cell).to_have_text("Lund")
    expect(cell).to_be_focused()
    cell.press("Enter")
    page.get_by_role("textbox", name="City").fill("nowhere")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("Lund")
    page.reload()
    expect(cell).to_have_text("Lund")


@pytest.mark.long
def test_tab_saves_and_opens_the_next_cell(page: Page, cell: Locator) -> None:
    cell.press("Enter")
    page.get_by_role("textbox", name="City").fill("Lund")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Job title")).to_be_focused()
    expect(cell).to_have_text("Lund")


@pytest.mark.long
def test_a_value_that_is_no_value_stays_with_a_sentence(page: Page, watch: Watch) -> None:
    watch.allow("422")
    create("deal", name="Pumps", amount="100")
    page.goto("/deals/?columns=name,amount")
    page.locator("td.c-amount").first.press("Enter")
    field = page.locator("[data-editing] input:not([type=hidden])").first
    field.fill("much")
    field.press("Enter")
    expect(page.locator("[data-editing] [role=alert]")).to_be_visible()
    expect(page.locator("[data-editing] input:not([type=hidden])").first).to_have_value("much")
    page.keyboard.press("Escape")
    expect(page.locator("[data-editing]")).to_have_count(0)


def _copy(page: Page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)


def test_copied_cells_are_pasted_and_taken_back_by_keyboard(page: Page, cell: Locator) -> None:
    _copy(page, "Lund\tEngineer\r\nTurku\tBoatbuilder\r\n")
    cell.press("Control+v")
    expect(page.locator("td.c-city")).to_have_text(["Lund", "Turku"])
    expect(page.locator("td.c-job_title")).to_have_text(["Engineer", "Boatbuilder"])
    expect(cell).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator("#dialog").get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("td.c-city")).to_have_text(["Oslo", "Bergen"])
    page.reload()
    expect(page.locator("td.c-city")).to_have_text(["Oslo", "Bergen"])


@pytest.mark.long
def test_pasted_cells_that_cannot_be_taken_are_mended_in_place(
    page: Page, watch: Watch, axe: Check
) -> None:
    watch.allow("422")
    for name in ("Pipes", "Pumps"):
        create("deal", name=name, amount="100")
    page.goto("/deals/?columns=name,amount&sort=name")
    _copy(page, "250\nmuch")
    page.locator("td.c-amount").first.press("Control+v")
    dialog = page.locator("#dialog")
    field = dialog.get_by_label("Amount, Pumps")
    expect(field).to_have_value("much")
    expect(field).to_be_focused()
    axe(page)
    field.fill("300")
    field.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("td.c-amount").nth(1)).to_contain_text("300")
    expect(page.locator("td.c-amount").first).to_contain_text("250")

"""The list: narrowing, ordering, choosing columns, and doing one thing with many records."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.records.testing import create
from tests.browser.tasks import arrive, rows_of, undo_all

type Check = Callable[[Page], None]


def _make_people(count: int) -> None:
    for number in range(count):
        create("person", first_name=f"Ada{number:03}", last_name="Berg", city="Oslo")


def test_a_list_is_narrowed_ordered_and_shown_as_its_address_says(page: Page, axe: Check) -> None:
    _make_people(3)
    create("person", first_name="Bo", last_name="Vik", city="Bergen")
    page.goto("/people/")
    page.keyboard.press("f")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Field").select_option("city")
    dialog.get_by_label("Comparison").select_option("is")
    axe(page)
    dialog.get_by_label("Value").fill("Oslo")
    dialog.get_by_role("button", name="Apply filter").click()
    expect(rows_of(page)).to_have_count(3)
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    arrive(page, "sort=")
    page.get_by_label("Columns").click()
    page.get_by_role("checkbox", name="City").check()
    axe(page)
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(rows_of(page)).to_have_count(3)
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()
    page.get_by_role("link", name="Remove filter City").click()
    expect(rows_of(page)).to_have_count(4)
    page.get_by_role("searchbox", name="Find in People").fill("vik")
    page.keyboard.press("Enter")
    expect(rows_of(page)).to_have_count(1)
    arrive(page, "q=vik")


def test_ticked_records_go_to_the_trash_and_come_back(page: Page, axe: Check) -> None:
    _make_people(4)
    page.goto("/people/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("2")
    axe(page)
    page.get_by_role("button", name="Delete").click()
    expect(rows_of(page)).to_have_count(2)
    undo_all(page)
    expect(rows_of(page)).to_have_count(4)


@pytest.mark.long
def test_rows_arrive_on_scrolling_and_the_whole_view_can_be_taken(page: Page) -> None:
    _make_people(120)
    page.goto("/people/")
    for count in (100, 120):
        page.locator("#more-rows").scroll_into_view_if_needed()
        expect(rows_of(page)).to_have_count(count)
    page.goto("/people/")
    page.get_by_label("Select all on this page").check()
    page.get_by_role("button", name="Select all 120").click()
    expect(page.locator("[data-count]")).to_have_text("120")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No people yet")).to_be_visible()
    undo_all(page)
    expect(page.locator("#list-total")).to_have_text("120 people")

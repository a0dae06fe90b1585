"""Saved views: made from a list, kept, shown to others, opened by them, and changed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.records.models import SavedView
from rapport.records.testing import create
from tests.browser.conftest import OpenPage
from tests.browser.tasks import arrive, rows_of, undo

type Check = Callable[[Page], None]


def _make_people() -> None:
    for number, city in enumerate(("Oslo", "Oslo", "Bergen")):
        create("person", first_name=f"Ada{number}", last_name="Berg", city=city)


def _save(page: Page, name: str, audience: str = "") -> None:
    page.get_by_role("link", name="Save this list as a view").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill(name)
    if audience:
        dialog.get_by_label(audience).check()
    dialog.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("View saved")).to_be_visible()


def test_a_view_is_made_shared_opened_by_another_and_changed(
    page: Page, open_page: OpenPage, axe: Check
) -> None:
    _make_people()
    page.goto("/people/?city=Oslo&columns=name,city")
    page.get_by_role("link", name="Save this list as a view").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill("In Oslo")
    dialog.get_by_label("Everyone").check()
    dialog.get_by_label("Member").check()
    axe(page)
    dialog.get_by_role("button", name="Save view").click()
    arrive(page, r"/people/\?view=")
    tab = page.get_by_role("navigation", name="Views").get_by_role("link", name="In Oslo")
    expect(tab).to_have_attribute("aria-current", "page")

    # The list of a member opens with it, and all is a click away.
    other = open_page(make_user("Mo Member", "member"))
    other.goto("/people/")
    expect(rows_of(other)).to_have_count(2)
    expect(other.get_by_role("columnheader")).to_have_count(3)
    other.get_by_role("navigation", name="Views").get_by_role(
        "link", name="All", exact=True
    ).click()
    expect(rows_of(other)).to_have_count(3)

    # What is changed stands out, and is kept or dropped.
    page.get_by_role("columnheader", name="City").get_by_role("link").click()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    expect(page.get_by_role("img", name="Edited, not saved")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    page.get_by_role("columnheader", name="City").get_by_role("link").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("View saved")).to_be_visible()
    assert SavedView.objects.get().sort_by == "city"
    undo(page)
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert SavedView.objects.get().sort_by == ""


@pytest.mark.long
def test_a_view_is_a_favourite_and_ones_own_first_list(page: Page, axe: Check) -> None:
    _make_people()
    page.goto("/people/?city=Bergen")
    _save(page, "In Bergen")
    page.get_by_label("View In Bergen").click()
    axe(page)
    page.get_by_role("button", name="Add to favourites").click()
    expect(page.locator(".nav").get_by_role("link", name="In Bergen")).to_be_visible()
    page.get_by_label("View In Bergen").click()
    page.get_by_role("button", name="Open my list with it", exact=True).click()
    chosen = page.locator("button", has_text="Don't open my list with it")
    expect(chosen).to_be_attached()
    page.goto("/people/")
    expect(rows_of(page)).to_have_count(1)
    page.get_by_text("All views").click()
    axe(page)


@pytest.mark.long
def test_columns_are_put_in_order_by_keys_and_made_wider(page: Page, axe: Check) -> None:
    _make_people()
    page.goto("/people/?columns=name,city,owner")
    page.get_by_label("Columns", exact=True).click()
    axe(page)
    page.get_by_role("button", name="Move column Owner").press("ArrowUp")
    expect(page.locator("[data-columns-said]")).to_have_text(re.compile("^Owner: place 1 of"))
    page.get_by_role("button", name="Show these columns").click()
    arrive(page, "columns=name%2Cowner%2Ccity")
    head = page.get_by_role("columnheader", name="City")
    before = head.bounding_box()
    head.get_by_role("link").press("Shift+ArrowRight")
    arrive(page, "widths=city%3A")
    after = head.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    expect(head.get_by_role("link")).to_be_focused()


@pytest.mark.long
def test_columns_are_dragged_into_another_order(page: Page) -> None:
    _make_people()
    page.goto("/people/?columns=name,city,owner")
    page.get_by_label("Columns", exact=True).click()
    last = page.get_by_role("button", name="Move column Owner")
    last.drag_to(
        page.get_by_role("button", name="Move column City"), target_position={"x": 4, "y": 2}
    )
    page.get_by_role("button", name="Show these columns").click()
    arrive(page, "columns=name%2Cowner%2Ccity")


@pytest.mark.long
def test_a_list_is_grouped_added_up_and_coloured(page: Page, axe: Check) -> None:
    for number, amount in enumerate((100, 200, 5_000)):
        create("deal", name=f"Deal {number}", amount=amount)
    page.goto("/deals/?columns=name,amount,state")
    page.get_by_label("Groups, sums and colours").click()
    page.get_by_label("Group by").select_option(label="State")
    page.get_by_role("group", name="Add up").get_by_label("Amount").check()
    axe(page)
    page.get_by_role("button", name="Show it so").click()
    expect(rows_of(page)).to_have_count(3)
    expect(page.locator("tr.group-row")).to_have_count(1)
    expect(page.locator("tr.group-row data")).to_have_text("€5,300")
    page.locator("[data-group]").click()
    expect(rows_of(page).first).to_be_hidden()
    page.locator("[data-group]").click()
    page.get_by_label("Groups, sums and colours").click()
    page.get_by_role("link", name="Colour rows when…").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Field").select_option("amount")
    dialog.get_by_label("Comparison").select_option("gt")
    dialog.get_by_label("Value").fill("1000")
    dialog.get_by_label("Colour").select_option("bad")
    dialog.get_by_role("button", name="Add colour").click()
    expect(page.locator("tr.tone-bad")).to_have_count(1)
    axe(page)


@pytest.mark.long
def test_the_same_records_are_shown_in_every_kind(page: Page, axe: Check) -> None:
    create("deal", name="Pump station", amount=100, close_date="2026-11-30")
    page.goto("/deals/?state=open")
    _save(page, "Open ones")
    layouts = page.get_by_role("group", name="Layout")
    layouts.get_by_role("link", name="Board").click()
    expect(page.locator(".dcard")).to_have_count(1)
    axe(page)
    layouts.get_by_role("link", name="Chart").click()
    expect(page.locator("table.chart tbody tr")).to_have_count(1)
    axe(page)
    layouts.get_by_role("link", name="Timeline").click()
    arrive(page, "/deals/timeline/")
    axe(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("View saved")).to_be_visible()
    page.goto(f"/deals/?view={SavedView.objects.get().pk}")
    arrive(page, "/deals/timeline/")


@pytest.mark.long
def test_views_fit_a_phone(open_page: OpenPage, owner: User, axe: Check) -> None:
    _make_people()
    page = open_page(owner, width=390)
    page.goto("/people/?group=city&columns=name,city")
    expect(rows_of(page)).to_have_count(3)
    page.get_by_label("Groups, sums and colours").click()
    expect(page.get_by_role("button", name="Show it so")).to_be_in_viewport()
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_label("Columns", exact=True).click()
    expect(page.get_by_role("button", name="Show these columns")).to_be_in_viewport()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

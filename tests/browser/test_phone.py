"""A phone: rows as cards, the bar of tabs, targets for thumbs, sheets from below."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, FloatRect, Locator, Page, expect

from rapport.accounts.models import User
from rapport.records import registry
from rapport.records.testing import create
from tests.browser.conftest import OpenPage
from tests.browser.tasks import fits, rows_of

type Check = Callable[[Page], None]


@pytest.fixture
def phone(open_page: OpenPage, owner: User) -> Page:
    return open_page(owner, width=390)


def _box(place: Locator) -> FloatRect:
    found = place.bounding_box()
    assert found
    return found


@pytest.mark.long
def test_rows_are_cards_whose_values_say_what_they_are(phone: Page, axe: Check) -> None:
    create("person", name="Ada Berg", city="Oslo", job_title="Engineer")
    create("person", name="Bo Vik", city="Bergen")
    phone.goto("/people/?columns=name,city,job_title")
    first, second = rows_of(phone).all()
    assert _box(second)["y"] >= _box(first)["y"] + _box(first)["height"]
    assert _box(first)["width"] > 300
    cell = first.locator("td.c-city")
    assert _box(cell)["y"] >= _box(first.get_by_role("link"))["y"]
    named = cell.evaluate("one => getComputedStyle(one, '::before').content")
    assert named == '"City"'
    assert fits(phone)
    axe(phone)


@pytest.mark.long
def test_the_bar_of_tabs_stays_in_reach_and_leads_everywhere(phone: Page) -> None:
    for number in range(30):
        create("company", name=f"Nordwind {number}")
    phone.goto("/companies/")
    bar = phone.get_by_role("navigation", name="Main, phone")
    for _turn in range(2):
        box = _box(bar)
        assert box["y"] + box["height"] == 844
        phone.mouse.wheel(0, 600)
    expect(phone.get_by_role("navigation", name="Main", exact=True)).to_be_hidden()
    for target in bar.locator("a, button").all():
        assert min(_box(target)["height"], _box(target)["width"]) >= 44
    names = bar.get_by_role("link").all_inner_texts()
    assert len(names) == 4
    for name in names:
        bar.get_by_role("link", name=name).click()
        expect(bar.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    phone.wait_for_load_state()
    bar.get_by_role("button", name="Search").click()
    expect(phone.get_by_role("combobox").first).to_be_focused()


@pytest.mark.long
def test_nothing_a_list_says_is_cut(phone: Page) -> None:
    for number in range(60):
        create("call", subject=f"Call {number}")
    phone.goto("/calls/")
    total = phone.locator("#list-total")
    expect(total).to_be_visible()
    assert total.evaluate("one => one.scrollWidth <= one.clientWidth")
    phone.goto(f"/people/?city={'Llanfairpwllgwyngyll' * 2}")
    heading = _box(phone.get_by_role("heading", name="No people match"))
    assert heading["x"] + heading["width"] <= 390


def test_a_record_is_three_tabs_and_a_dialog_a_sheet_from_below(phone: Page, axe: Check) -> None:
    phone.goto(registry.get("person").url(create("person", name="Ada Berg")))
    for name in phone.get_by_role("tab").all_inner_texts():
        tab = phone.get_by_role("tab", name=name)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(phone.locator("[id^=pane-]:visible")).to_have_count(1)
        axe(phone)
    phone.goto("/people/")
    phone.get_by_role("link", name="Person", exact=True).first.click()
    sheet = phone.locator("#dialog[open]")
    expect(sheet).to_be_visible()
    sheet.evaluate("one => one.getAnimations().forEach((move) => move.finish())")
    box = _box(sheet)
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)


@pytest.mark.long
def test_the_columns_of_a_file_fit(phone: Page, axe: Check) -> None:
    phone.goto("/import/people/")
    rows = b"First name,Last name,E-mail,Company\nAda,Berg,ada@x.example,Nordwind Industries\n"
    file: FilePayload = {"name": "people.csv", "mimeType": "text/csv", "buffer": rows}
    phone.set_input_files("#import-file", files=[file])
    expect(phone.locator("[data-file-list]")).to_have_text("people.csv")
    phone.get_by_role("button", name="Read the file").click()
    expect(phone.get_by_role("heading", name="Does this look right?")).to_be_visible()
    box = _box(phone.locator("#columns"))
    assert box["x"] + box["width"] <= 390
    for button in phone.locator(".savebar button").all():
        assert _box(button)["x"] + _box(button)["width"] <= 390
    axe(phone)

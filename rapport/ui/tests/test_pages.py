"""What every page keeps to, in a browser: width, direction, keyboard, policy, accessibility."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe

PAGES = ["/people/", "/deals/", "/form/", "/record/", "/login/", "/nowhere/"]


# A theme changes colours alone, which are the same at any width.
@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "themes"),
    [(1440, axe.THEMES), pytest.param(390, ["light"], marks=pytest.mark.long)],
)
def test_axe_finds_nothing(page: Page, width: int, themes: Sequence[axe.Theme]) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for address in PAGES:
        page.goto(address)
        found[address] = axe.violations(page, themes, with_menu=address == "/people/")
    page.goto("/people/")
    page.keyboard.press("c")
    expect(page.locator("#dialog")).to_be_visible()
    found["dialog"] = axe.violations(page, themes)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    found["palette"] = axe.violations(page, themes)
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.parametrize(
    "width", [320, *(pytest.param(one, marks=pytest.mark.long) for one in (390, 900))]
)
def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for address in PAGES:
        page.goto(address)
        for direction in ("ltr", "rtl"):
            page.evaluate("(dir) => { document.documentElement.dir = dir }", direction)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address} {direction}"


@pytest.mark.long
def test_settings_hold_over_a_reload_without_a_flash(page: Page) -> None:
    page.goto("/people/")
    page.get_by_text("Ida Brandt").click()
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Cosy").click()
    page.get_by_role("button", name="Right to left").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    # Before the modules run, so that nothing is painted in the wrong colours.
    page.route("**/app.js", lambda route: route.abort())
    page.reload()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-density", "cosy")
    expect(root).to_have_attribute("dir", "rtl")


def test_the_way_past_the_navigation(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.long
def test_a_menu_closes_by_escape_and_by_a_click_beside_it(page: Page) -> None:
    page.goto("/people/")
    menu = page.locator(".nav-foot details")
    summary = menu.locator("summary")
    summary.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")
    summary.click()
    page.get_by_role("heading", name="People").click()
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.long
def test_sections_of_a_record_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/record/")
    expect(page.locator(".rec-l")).to_be_hidden()
    page.get_by_role("tab", name="Timeline").press("ArrowRight")
    expect(page.locator(".rec-l")).to_be_visible()
    expect(page.get_by_role("tab", name="Details")).to_be_focused()


@pytest.mark.long
def test_icons_are_drawn(page: Page) -> None:
    """Under the policy, from one sprite: a symbol that is not there has no size."""
    page.goto("/people/")
    size = page.evaluate("document.querySelector('.nav-item .i use').getBBox().width")
    assert size > 5


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/nowhere/", "There is nothing at this address"),
        pytest.param("/forbidden/", "Only owners may do this.", marks=pytest.mark.long),
        ("/broken/", "Something broke on our side"),
    ],
)
def test_error_pages_say_what_why_and_what_to_do(page: Page, address: str, said: str) -> None:
    page.goto(address)
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("link", name="Go to Today")).to_be_visible()

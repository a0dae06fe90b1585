"""A page is arranged by hand and by keys, and then looks like it."""

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User


def places(page: Page) -> list[str]:
    inputs = page.locator("input[name=place]").all()
    return [one.input_value() for one in inputs]


@pytest.mark.long
def test_a_page_is_arranged_by_hand_and_by_keys(page: Page, owner: User) -> None:
    page.goto("/setup/fields/company/layout/")
    before = places(page)
    assert before[:3] == ["section:0", "field:name", "field:website"]
    page.get_by_role("button", name="Move Website", exact=True).focus()
    page.keyboard.press("ArrowUp")
    assert places(page)[:3] == ["section:0", "field:website", "field:name"]
    expect(page.locator("[data-columns-said]")).to_have_text("Website: place 1 of 10")

    grip = page.get_by_role("button", name="Move Industry", exact=True)
    target = page.get_by_role("button", name="Move Email", exact=True)
    contact = page.get_by_role("list", name="Fields of Contact")
    grip.hover()
    page.mouse.down()
    target.hover()
    target.hover()
    expect(contact.get_by_role("button", name="Move Industry", exact=True)).to_be_attached()
    page.mouse.up()
    assert places(page).index("field:industry") > places(page).index("section:1")

    page.locator("summary[aria-label='Move Staff to…']").click()
    page.get_by_role("button", name="Don't show").click()
    expect(page.get_by_role("button", name="Move Staff", exact=True)).to_be_focused()
    assert places(page)[-1] == "field:employees"
    page.get_by_label("Name of section Company in English").fill("At a glance")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The layout is saved.")).to_be_visible()

    page.goto("/companies/new/")
    expect(page.get_by_role("group", name="At a glance")).to_be_visible()
    expect(page.get_by_label("Staff")).to_have_count(0)

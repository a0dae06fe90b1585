"""Making a record without leaving the page, and what is kept if it is left."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.contacts.models import EmailAddress
from tests.browser.tasks import wait_for_draft

type Check = Callable[[Page], None]


def test_a_person_is_made_from_anywhere_by_keyboard(page: Page, axe: Check) -> None:
    page.goto("/people/")
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    name = dialog.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    expect(dialog.get_by_role("button", name="Person", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    name.fill("Ada Berg")
    axe(page)
    wait_for_draft(page, "Ada Berg")
    page.reload()
    page.keyboard.press("c")
    expect(name).to_have_value("Ada Berg")
    name.press("Control+Enter")
    expect(page.locator("[data-toast]", has_text="Ada Berg")).to_be_visible()
    page.goto("/people/")
    expect(page.get_by_role("link", name="Ada Berg")).to_be_visible()
    page.keyboard.press("c")
    expect(name).to_have_value("")


@pytest.mark.long
def test_a_person_with_two_addresses(page: Page, axe: Check) -> None:
    page.goto("/people/new/")
    page.get_by_label("Name", exact=True).fill("Ada Berg")
    address = page.get_by_role("textbox", name="Email")
    address.first.fill("ada@berg.example")
    page.get_by_role("button", name="Add another", exact=True).first.click()
    expect(address.nth(1)).to_be_focused()
    page.keyboard.type("ada@home.example")
    axe(page)
    page.get_by_role("button", name="Create person").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert EmailAddress.objects.count() == 2

"""A formula, from the fault that is marked while it is typed to the column of a list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.records.testing import create


@pytest.mark.long
def test_a_formula_is_tried_while_it_is_typed(
    page: Page, owner: User, axe: Callable[[Page], None]
) -> None:
    create("deal", name="Pumps", amount="1200 EUR", probability="25")
    page.goto("/setup/fields/deal/new/formula/")
    page.get_by_label("Name in English").fill("Weighted")
    page.get_by_role("textbox", name="Formula").fill("amount * probabilty%")
    expect(page.get_by_text("Did you mean “probability”?")).to_be_visible()
    expect(page.locator(".bug")).to_have_text("probabilty%")
    page.get_by_text("Fields and functions").click()
    axe(page)

    page.get_by_role("textbox", name="Formula").fill("amount * probability%")
    expect(page.get_by_text("It gives an amount of money.")).to_be_visible()
    expect(page.get_by_role("row", name="Pumps €300")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Make the field").click()
    expect(page.get_by_role("link", name="Weighted")).to_be_visible()

    page.goto("/deals/?columns=name,weighted&where=weighted>299")
    expect(page.get_by_text("€300")).to_be_visible()

"""A field of one's own, from the screen that makes it to the form that asks for it."""

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User


@pytest.mark.long
def test_a_field_is_made_and_shows_only_when_it_matters(page: Page, owner: User) -> None:
    page.goto("/setup/fields/company/")
    page.get_by_role("link", name="Choice One of a list").click()
    page.get_by_label("Name in English").fill("Plan")
    page.get_by_label("Choice 1 in English").fill("Free")
    page.get_by_label("Choice 2 in English").fill("Paid")
    page.get_by_role("button", name="Make the field").click()
    expect(page.get_by_role("link", name="Plan", exact=True)).to_be_visible()
    page.goto("/setup/fields/company/new/text/")
    page.get_by_label("Name in English").fill("Contract number")
    page.get_by_label("Shown only when").fill("plan:paid")
    page.get_by_role("button", name="Make the field").click()
    expect(page.get_by_role("link", name="Contract number")).to_be_visible()

    page.goto("/companies/new/")
    contract = page.get_by_label("Contract number")
    expect(contract).to_be_hidden()
    page.get_by_label("Plan").select_option("Paid")
    expect(contract).to_be_visible()
    contract.fill("C-1")
    page.get_by_label("Name", exact=False).first.fill("Aqua")
    page.get_by_role("button", name="Create company").click()
    expect(page.get_by_text("C-1")).to_be_visible()

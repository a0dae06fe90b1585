"""The queue of incomplete records: mended by keys, skipped, and taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.actions import NOBODY
from rapport.accounts.models import User
from rapport.records import registry
from rapport.records.completeness.actions import set_score
from rapport.records.declare import Expect
from rapport.records.testing import create
from tests.browser.tasks import arrive


@pytest.mark.long
def test_the_worst_record_is_mended_and_the_next_one_comes(
    page: Page, owner: User, axe: Callable[[Page], None]
) -> None:
    rules = [Expect("amount", 60), Expect("close_date", 40)]
    set_score(registry.get("deal"), rules, "amount", "", NOBODY)
    create("deal", name="Pumps")
    create("deal", name="Valves", amount="900 EUR")
    page.goto("/deals/fix/")
    expect(page.get_by_role("heading", name="Pumps")).to_be_visible()
    expect(page.get_by_text("2 left")).to_be_visible()
    axe(page)

    page.get_by_label("Amount").fill("1200")
    page.get_by_label("Closes").fill("2026-12-01")
    page.get_by_label("Closes").press("Control+Enter")
    arrive(page, "after=")
    expect(page.get_by_role("heading", name="Valves")).to_be_visible()
    page.goto("/deals/?columns=name,completeness&sort=completeness")
    expect(page.locator("tr[data-row]").nth(1)).to_contain_text("100")
    page.locator("tr[data-row]").first.get_by_role("link", name="Valves").click()
    arrive(page, "/deals/[0-9a-f-]{36}/")
    card = page.locator("#panel-completeness")
    expect(card).to_contain_text("−40")
    card.get_by_role("link").click()
    arrive(page, "fix/.record=")
    expect(page.get_by_label("Closes")).to_be_visible()

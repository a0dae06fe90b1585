"""Calling down a list, renewing a contract and reading what recurs, by keys alone."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.activities.actions import call_people, keep_call_rules
from rapport.activities.models import CallEntry
from rapport.kit.periods import add_months
from rapport.records.testing import create
from tests.browser.tasks import arrive, fits, has_whole_heading

type Check = Callable[..., None]
ALWAYS = {day: [(0, 24 * 60)] for day in range(1, 8)}


def test_a_list_is_called_down_with_one_key_for_each_outcome(page: Page, owner: User) -> None:
    keep_call_rules(ALWAYS, keeps_holidays=False)
    people = [
        create("person", name=name, phones=[{"value": f"+493012340{number}"}])
        for number, name in enumerate(("Ama", "Bea"))
    ]
    key = create("call_list", principal_of(owner), name="After the fair")
    call_people(principal_of(owner), people, {"call_list": key})
    page.goto(f"/call-lists/{key}/")
    expect(page.get_by_role("row", name=re.compile("Bea.*To call"))).to_be_visible()
    page.get_by_role("button", name="Start calling").press("Enter")
    arrive(page, f"/call-lists/{key}/calling/")
    first = page.locator("#call-h").inner_text()
    page.keyboard.press("2")
    expect(page.get_by_text("Noted. Here is the next one.")).to_be_visible()
    page.wait_for_load_state()
    expect(page.locator("#call-h")).not_to_have_text(first)
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Nobody can be called now")).to_be_visible()
    said = {one.outcome: one.state for one in CallEntry.objects.all()}
    assert said == {"no_answer": "open", "reached": "done"}


@pytest.mark.long
def test_a_contract_is_renewed_from_its_page(page: Page, owner: User, axe: Check) -> None:
    start = add_months(timezone.localdate(), -11)
    lines = [{"name": "Support", "quantity": "2", "price": "50"}]
    key = create(
        "contract", name="All in", company=str(create("company", name="Acme")), lines=lines,
        state="active", start=start.isoformat(), term="12", owner=str(owner.pk),
    )  # fmt: skip
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/contracts/{key}/")
        expect(page.get_by_role("region", name="Lines").get_by_text("€1,200.00")).to_be_visible()
        assert fits(page)
        axe(page)
    page.get_by_role("button", name="Make a renewal deal").press("Enter")
    expect(page.locator("[data-toast]")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Renewal: All in").first.press("Enter")
    arrive(page, "/deals/")
    expect(page.get_by_role("heading", name="Renewal: All in")).to_be_visible()


@pytest.mark.long
def test_what_recurs_is_followed_to_the_contracts_behind_it(
    page: Page, owner: User, axe: Check
) -> None:
    start = add_months(timezone.localdate(), -3)
    create(
        "contract", name="All in", company=str(create("company", name="Acme")), term="24",
        state="active", start=start.isoformat(), amount="100 EUR", owner=str(owner.pk),
    )  # fmt: skip
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/sales/recurring/")
        assert fits(page)
        assert has_whole_heading(page)
        axe(page)
    page.get_by_role("link", name="€1,200").press("Enter")
    arrive(page, "/sales/recurring/")
    page.locator("#contracts").get_by_role("link", name="All in").press("Enter")
    arrive(page, "/contracts/")
    expect(page.get_by_role("heading", name="All in")).to_be_visible()

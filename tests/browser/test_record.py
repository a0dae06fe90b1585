"""A record's page: editing where one reads, doing what it offers, its history, two at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.testing import create, update
from rapport.sales.models import Deal, DealAnswer, Stage
from tests.browser.conftest import OpenPage
from tests.browser.watch import Watch

type Check = Callable[[Page], None]


def _address(name: str, /, **typed: Any) -> str:
    return registry.get(name).url(create(name, **typed))


def test_a_field_is_changed_told_in_the_history_and_taken_back(page: Page, axe: Check) -> None:
    address = _address("person", first_name="Ada", last_name="Berg", city="Oslo")
    page.goto(address)
    axe(page)
    page.get_by_role("button", name="Edit city").click()
    page.get_by_role("textbox", name="City").fill("Lund")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Edit city")).to_contain_text("Lund")
    page.goto(f"{address}history/")
    expect(page.locator("main")).to_contain_text("Lund")
    axe(page)
    page.goto(address)
    page.get_by_role("button", name="Edit city").click()
    page.get_by_role("textbox", name="City").fill("Bergen")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Edit city")).to_contain_text("Lund")


def test_a_deal_is_won_and_a_task_done(page: Page) -> None:
    page.goto(_address("deal", name="Pumps", amount="1000"))
    page.get_by_role("button", name="Mark as won").click()
    page.locator("#dialog").get_by_role("button", name="Mark as won").click()
    expect(page.locator("[data-toast]", has_text="Mark as won")).to_be_visible()
    assert Deal.objects.get().state == "won"
    page.goto(_address("task", subject="Ring her"))
    page.locator("main").get_by_role("button", name="Done").first.click()
    expect(page.locator("[data-toast]")).to_be_visible()


@pytest.mark.long
def test_who_saves_second_is_told_and_chooses(
    page: Page, open_page: OpenPage, live_server: object, watch: Watch, axe: Check
) -> None:
    watch.allow("409")
    address = _address("company", name="Nordwind", city="Oslo")
    page.goto(f"{address}edit/")
    other = open_page(make_user("Luis Vega", "manager"))
    other.goto(f"{address}edit/")
    for window, town in ((other, "Lund"), (page, "Bergen")):
        window.get_by_label("City").fill(town)
        window.get_by_role("button", name="Save").click()
        # Who saves second must not come first.
        expect(window.locator("#f-city")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Luis Vega")
    expect(page.locator("main")).to_contain_text("Lund")
    axe(page)


@pytest.mark.long
def test_material_is_sent_by_letter_and_that_it_was_is_kept(page: Page, watch: Watch) -> None:
    watch.allow("mailto:")
    step = {"text": "References", "sort": "material", "link": "https://firm.example/references"}
    update("stage", Stage.objects.get(label__en="Qualify").pk, steps=[step])
    deal = create("deal", name="Mill")
    page.goto(f"/deals/{deal}/")
    card = page.locator("#panel-playbook")
    sending = card.get_by_role("link", name="Send", exact=True)
    expect(sending).to_have_attribute("href", re.compile("^mailto:.subject=References&body=https"))
    with page.expect_response(lambda answer: "/cells/playbook/" in answer.url):
        sending.click()
    expect(card.get_by_role("checkbox", name="References")).to_be_checked()
    expect(card).to_contain_text(re.compile(r"\d:\d\d"))
    assert DealAnswer.objects.get(deal=deal).is_done

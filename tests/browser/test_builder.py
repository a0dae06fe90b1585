"""Conditions built by hand: counted as one builds, applied, found again, saved."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from rapport.accounts.models import User
from rapport.records.models import SavedView
from rapport.records.testing import create
from tests.browser.conftest import OpenPage
from tests.browser.tasks import arrive, fits, rows_of
from tests.browser.watch import Watch

type Check = Callable[[Page], None]


def _make_companies() -> None:
    """Quiet has a large deal and silence; the others lack one or the other."""
    for name, amount, days in (("Quiet", 20_000, 30), ("Busy", 20_000, 2), ("Small", 50, 30)):
        company = str(create("company", name=name))
        create("deal", name=f"Deal of {name}", company=company, amount=amount, currency="EUR")
        at = timezone.now() - timedelta(days=days)
        create("call", subject="Call", at=at.isoformat(), about=[f"company:{company}"])


def _open(page: Page) -> Locator:
    page.get_by_role("link", name="More conditions", exact=True).click()
    builder = page.locator("#builder")
    expect(builder.locator("[data-tally]")).to_contain_text("match")
    return _drawn(page)


def _drawn(page: Page) -> Locator:
    """The builder once it is drawn and has its focus."""
    expect(page.locator("#builder[data-ready]")).to_have_count(1)
    return page.locator("#builder")


def _press(button: Locator) -> None:
    """By keys, as everything can be."""
    button.press("Enter")
    _drawn(button.page)


def _find(field: Locator, text: str) -> None:
    """Choose by a few letters, with keys alone."""
    expect(field).to_be_focused()
    field.press_sequentially(text)
    field.press("Enter")
    _drawn(field.page)


@pytest.mark.long
def test_companies_with_an_open_deal_and_no_activity_are_found_kept_and_found_again(
    page: Page, axe: Check
) -> None:
    _make_companies()
    page.goto("/companies/")
    builder = _open(page)
    tally = builder.locator("[data-tally]")
    expect(tally).to_contain_text("3 companies match")
    _press(builder.get_by_role("button", name="Remove: Rule"))

    outer = builder.locator("[data-node=n0] > .bld-add")
    _press(outer.get_by_role("button", name="Related records"))
    related = builder.locator("[data-node=n1]")
    _find(related.get_by_role("combobox", name="Related records"), "deal")
    _press(related.get_by_role("button", name="Rule", exact=True))
    _find(builder.locator("#n2-field-finder"), "state")
    builder.get_by_role("combobox", name="State").select_option("open")
    _press(related.get_by_role("button", name="Rule", exact=True))
    _find(builder.locator("#n3-field-finder"), "amount")
    builder.locator("#n3-op").focus()
    builder.locator("#n3-op").select_option("gt")
    _drawn(page)
    expect(builder.locator("#n3-op")).to_be_focused()
    builder.get_by_role("textbox", name="Amount").fill("10000")
    expect(tally).to_contain_text("2 companies match")
    axe(page)

    _press(outer.get_by_role("button", name="Related records"))
    silence = builder.locator("[data-node=n4]")
    _find(silence.get_by_role("combobox", name="Related records"), "activ")
    silence.get_by_role("combobox", name="Has or has no").select_option("none")
    _press(silence.get_by_role("button", name="Rule", exact=True))
    _find(builder.locator("#n5-field-finder"), "when")
    builder.locator("#n5-value-span").select_option("last_14_days")
    _drawn(page)
    expect(tally).to_contain_text("1 company matches")
    expect(builder.locator("[data-sentence]")).to_contain_text("has no activities")
    page.keyboard.press("Control+Enter")

    arrive(page, r"/companies/\?where=deals%3A%28state%3Aopen")
    expect(rows_of(page)).to_have_count(1)
    expect(rows_of(page)).to_contain_text("Quiet")
    chip = page.get_by_role("link", name=re.compile("has no activities whose when"))
    chip.click()
    expect(builder.locator("li[data-node]")).to_have_count(5)
    expect(builder.get_by_role("textbox", name="Amount")).to_have_value("10000")
    builder.get_by_role("button", name="Cancel").click()

    page.get_by_role("link", name="Save this list as a view").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name").fill("Going cold")
    dialog.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("View saved")).to_be_visible()
    assert len(SavedView.objects.get().condition["all"]) == 2
    page.get_by_role("link", name="Remove filter Filter").last.click()
    expect(rows_of(page)).to_have_count(2)
    expect(page.get_by_text("Unsaved changes")).to_be_visible()


@pytest.mark.long
def test_faults_stand_at_their_rule_and_what_was_typed_stays(
    page: Page, axe: Check, watch: Watch
) -> None:
    watch.allow("422")
    _make_companies()
    page.goto("/companies/?where=deals:(amount>5)")
    builder = _open(page)
    amount = builder.get_by_role("textbox", name="Amount")
    amount.fill("lots")
    expect(builder.locator("#n2-fault")).to_contain_text("lots")
    expect(amount).to_have_attribute("aria-invalid", "true")
    axe(page)
    builder.get_by_role("button", name="Apply").click()
    expect(builder.get_by_role("alert")).to_be_focused()
    expect(amount).to_have_value("lots")
    axe(page)
    amount.fill("100")
    expect(builder.locator("#n2-fault")).to_be_hidden()
    _press(builder.get_by_role("button", name="Move up: Amount"))
    expect(amount).to_have_value("100")
    # One slip of Esc doesn't lose it.
    amount.press("Escape")
    expect(builder.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(builder).to_have_count(0)


@pytest.mark.long
def test_what_is_typed_while_the_builder_is_drawn_anew_stays(page: Page) -> None:
    _make_companies()
    page.goto("/companies/?where=deals:(amount>5)")
    builder = _open(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/conditions/", hold)
    with page.expect_request("**/conditions/"):
        builder.locator("#n2-op").select_option("lt")
    amount = builder.get_by_role("textbox", name="Amount")
    amount.press("Control+a")
    amount.press_sequentially("77")
    held[0].continue_()
    _drawn(page)
    expect(amount).to_have_value("77")
    expect(amount).to_be_focused()
    expect(builder.locator("[data-tally]")).to_contain_text("1 company matches")


@pytest.mark.long
def test_a_builder_of_every_kind_of_part_fits_a_phone(
    open_page: OpenPage, owner: User, axe: Check
) -> None:
    page = open_page(owner, width=390)
    page.goto(
        "/companies/?where=(city:Madrid or owner:me) lifecycle:lead,customer"
        " sum(deals.amount where state:open)>5 changed(city from Oslo during last_45_days)"
        " deals:(close_date:2026-01-01..2026-03-31)"
    )
    _open(page)
    assert fits(page)
    assert page.evaluate(
        "(() => { const one = document.querySelector('[data-builder-body]');"
        " return one.scrollWidth <= one.clientWidth; })()"
    )
    expect(page.get_by_role("button", name="Apply")).to_be_in_viewport()
    axe(page)

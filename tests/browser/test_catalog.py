"""Stock is moved, kept and counted, and a price explained, by somebody at the keyboard."""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.catalog.models import Stock
from rapport.records.testing import create
from tests.browser.tasks import fits

type Check = Callable[..., None]


@pytest.mark.long
def test_stock_is_moved_kept_and_counted(page: Page, owner: User, axe: Check) -> None:
    product = create("product", name="Sensor", price="120 EUR")
    warehouse = create("warehouse", name="Main hall")
    create("deal", name="Big order")
    lines = [{"product": str(product), "quantity": "10", "percent": "20"}]
    create("price_list", name="From ten on", currency="EUR", lines=lines)
    page.goto(f"/products/{product}/")
    _ask(page, "Move stock")
    page.get_by_label("What happens").select_option("receive")
    _fill(page, "12", "Move stock")
    expect(page.get_by_text("12 free")).to_be_visible()
    _ask(page, "Reserve")
    page.get_by_role("dialog").get_by_role("combobox", name="For").fill("Big")
    page.get_by_role("option", name="Big order").click()
    _fill(page, "5", "Reserve")
    expect(page.get_by_text("12 on hand, 5 reserved")).to_be_visible()
    _look(page, axe, "product")
    page.get_by_role("link", name="The ledger of this product").click()
    expect(page.get_by_role("link", name="Big order")).to_be_visible()
    _look(page, axe, "ledger")
    page.get_by_role("button", name="Let go").click()
    expect(page.get_by_role("button", name="Let go")).to_have_count(0)
    page.goto(f"/stock/count/{warehouse}/")
    page.get_by_label("Sensor").fill("11")
    _look(page, axe, "count")
    page.get_by_role("button", name="Post the difference").click()
    expect(page.get_by_text("1 product differed")).to_be_visible()
    assert Stock.objects.get(place_id=warehouse).on_hand == 11
    page.goto(f"/products/{product}/")
    page.get_by_role("link", name="What would a customer pay?").click()
    page.get_by_label("Quantity").fill("10")
    page.get_by_label("Currency").fill("EUR")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("€96.* a unit"))).to_be_visible()
    _look(page, axe, "price")


def _ask(page: Page, name: str) -> None:
    """Open the form of an action, from the head or from the menu behind it."""
    button = page.get_by_role("button", name=name)
    if not button.first.is_visible():
        page.get_by_role("button", name="More").first.click()
    button.first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _fill(page: Page, quantity: str, name: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Quantity").fill(quantity)
    dialog.get_by_label("Warehouse", exact=False).first.fill("Main")
    page.get_by_role("option", name="Main hall").click()
    dialog.get_by_role("button", name=name).click()


def _look(page: Page, axe: Check, name: str) -> None:
    axe(page, "light", with_menu=False)
    if shots := os.environ.get("SHOTS"):
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{shots}/{name}-{width}.png")
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=f"{shots}/{name}-dark.png")
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 900})
    assert fits(page), name
    page.set_viewport_size({"width": 1440, "height": 900})

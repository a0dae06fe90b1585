"""A customer reads a quote on a phone, chooses, asks and signs; the seller sees it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.records.testing import HOUSE, create
from rapport.sales.actions import send_quote
from rapport.sales.models import Quote, QuoteDecision
from tests.browser.conftest import OpenPage
from tests.browser.tasks import fits


@pytest.mark.long
def test_a_customer_signs_on_a_phone(
    page: Page,
    owner: User,
    open_page: OpenPage,
    axe: Callable[..., None],
    take_screens: Callable[[Page, str], None],
) -> None:
    company = create("company", name="Stadtwerke Lindau")
    lines = [
        {"name": "Sensors and fitting", "sort": "section"},
        {"name": "FlowGuard 3", "quantity": "18", "price": "3850", "tax": "19", "note": "DN 200"},
        {"name": "Gold service", "price": "3180", "tax": "19", "is_optional": True},
        {"name": "Steel", "price": "200", "tax": "19", "alternative": "Housing"},
        {"name": "Bronze", "price": "250", "tax": "19", "alternative": "Housing"},
    ]
    values: dict[str, Any] = {
        "name": "FlowGuard for lines 2 and 3",
        "currency": "EUR",
        "language": "en",
    }
    values |= {"company": str(company), "terms": "<p>Payment in <strong>30 days</strong></p>"}
    quote = create("quote", lines=lines, owner=str(owner.pk), **values)
    send_quote(HOUSE, [quote], {})
    page.goto(f"/quotes/{quote}/")
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Copy it now").input_value()

    phone = open_page(width=390)
    phone.goto(re.sub(r"^https?://[^/]*", "", address))
    expect(phone.get_by_role("heading", level=1)).to_have_text("FlowGuard for lines 2 and 3")
    before = phone.locator("#quote-total").inner_text()
    with phone.expect_response(re.compile("/sums/")):
        phone.get_by_role("checkbox", name="Gold service").check()
    expect(phone.locator("#quote-total")).not_to_have_text(before)
    expect(phone.locator("#quote-sums")).to_contain_text("€86,489.20")
    assert fits(phone)
    axe(phone)
    take_screens(phone, "quote-page")
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.get_by_label("Your first and last name").fill("Katharina Vogl")
    canvas = phone.get_by_role("img", name="Your signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    phone.mouse.move(box["x"] + 20, box["y"] + 40)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 120, box["y"] + 70, steps=5)
    phone.mouse.up()
    expect(phone.locator("input[name=signature]")).to_have_value(re.compile("^data:image/png"))
    phone.get_by_label("I may sign").check()
    phone.get_by_role("button", name="Accept and sign").click()
    expect(phone.get_by_text("This quote was accepted.")).to_be_visible()
    assert Quote.objects.get(pk=quote).state == "accepted"
    assert bytes(QuoteDecision.objects.get(quote=quote).signature).startswith(b"\x89PNG")

    page.goto(f"/quotes/{quote}/")
    expect(page.get_by_role("link", name="Signed PDF")).to_be_visible()
    axe(page)
    take_screens(page, "quote-signed")

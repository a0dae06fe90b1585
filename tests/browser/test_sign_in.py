"""How a person gets in."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.factors.actions import change_rules
from rapport.accounts.factors.totp import STEP, code_at
from rapport.accounts.models import User
from rapport.accounts.testing import PASSWORD
from tests.browser.conftest import OpenPage
from tests.browser.tasks import arrive, leave

# What Chromium plays: a laptop that knows its owner by a finger.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}

type Check = Callable[[Page], None]


@pytest.mark.long
def test_a_stranger_is_led_to_the_sign_in_page(
    visitor: Page, axe: Check, take_screens: Callable[[Page, str], None]
) -> None:
    visitor.goto("/")
    expect(visitor).to_have_url(re.compile(r"/login/\?next="))
    axe(visitor)
    take_screens(visitor, "sign-in")


@pytest.mark.long
def test_what_is_loaded_beforehand_is_used(visitor: Page) -> None:
    visitor.goto("/login/")
    families, fetched = visitor.evaluate("""async () => {
      await document.fonts.ready;
      const used = [...document.fonts].filter((one) => one.status === "loaded");
      const early = [...document.querySelectorAll("link[rel=preload], link[rel=modulepreload]")];
      return [used.map((one) => one.family),
        early.map((one) => performance.getEntriesByName(one.href).length)];
    }""")
    assert [one.strip('"') for one in families] == ["Inter Variable"]
    # What is preloaded in another way than it is asked for later is fetched twice.
    assert set(fetched) == {1}


@pytest.mark.long
def test_a_phone_shows_the_sign_in_page_without_sideways_scroll(
    open_page: OpenPage, owner: User, axe: Check
) -> None:
    phone = open_page(width=390)
    phone.goto("/login/")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_password_opens_the_house(visitor: Page, owner: User, axe: Check) -> None:
    visitor.goto("/login/")
    visitor.get_by_label("E-mail address").fill(owner.email)
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in").click()
    arrive(visitor, "/$")
    axe(visitor)


@pytest.mark.long
def test_a_role_that_needs_a_second_factor_leads_to_it(
    visitor: Page, owner: User, axe: Check, take_screens: Callable[[Page, str], None]
) -> None:
    change_rules(["owner"])
    visitor.goto("/login/")
    visitor.get_by_label("E-mail address").fill(owner.email)
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.keyboard.press("Enter")
    arrive(visitor, "/login/factor/$")
    axe(visitor)
    take_screens(visitor, "second-factor")
    visitor.get_by_text("It can't read pictures?").click()
    secret = re.sub(r"\s", "", visitor.locator("details code").inner_text())
    visitor.get_by_label("six digits").fill(code_at(secret, int(time.time()) // STEP))
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", name="Keep these codes")).to_be_visible()
    axe(visitor)
    take_screens(visitor, "recovery-codes")
    visitor.get_by_role("link", name="I have kept them").click()
    arrive(visitor, "/$")


def test_a_passkey_is_made_and_lets_its_owner_in(
    visitor: Page, owner: User, axe: Check, take_screens: Callable[[Page, str], None]
) -> None:
    device = visitor.context.new_cdp_session(visitor)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    visitor.goto("/login/?next=/account/passkeys/new/")
    visitor.get_by_label("E-mail address").fill(owner.email)
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.keyboard.press("Enter")
    arrive(visitor, "/account/passkeys/new/$")
    axe(visitor)
    take_screens(visitor, "passkey")
    visitor.get_by_label("What do you call it").fill("My laptop")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("link", name="I have kept them").click()
    arrive(visitor, "/account/$")
    expect(visitor.get_by_text("My laptop").first).to_be_visible()
    axe(visitor)
    take_screens(visitor, "account")
    leave(visitor)
    # The device answers at once, so the page that asks is gone before it is seen.
    for way in ("/login/", "/login/passkey/"):
        visitor.goto(f"{way}?next=/people/", wait_until="commit")
        arrive(visitor, "/people/$")
        leave(visitor)


@pytest.mark.django_db(transaction=True)
def test_an_empty_instance_asks_for_its_owner(open_page: OpenPage, axe: Check) -> None:
    page = open_page()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/welcome/"))
    axe(page)


@pytest.mark.long
def test_spanish_is_offered_to_a_spanish_browser(open_page: OpenPage, owner: User) -> None:
    page = open_page(language="es")
    page.goto("/login/")
    assert page.locator("html").get_attribute("lang") == "es"

"""How a person gets in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.testing import PASSWORD
from tests.browser.conftest import OpenPage

type Check = Callable[[Page], None]


def test_a_stranger_is_led_to_the_sign_in_page(
    visitor: Page, axe: Check, take_screens: Callable[[Page, str], None]
) -> None:
    visitor.goto("/")
    expect(visitor).to_have_url(re.compile(r"/login/\?next="))
    axe(visitor)
    take_screens(visitor, "sign-in")


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
    expect(visitor).to_have_url(re.compile(r"/$"))
    axe(visitor)


@pytest.mark.django_db(transaction=True)
def test_an_empty_instance_asks_for_its_owner(open_page: OpenPage, axe: Check) -> None:
    page = open_page()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/welcome/"))
    axe(page)


def test_spanish_is_offered_to_a_spanish_browser(open_page: OpenPage, owner: User) -> None:
    page = open_page(language="es")
    page.goto("/login/")
    assert page.locator("html").get_attribute("lang") == "es"

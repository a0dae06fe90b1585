"""Sending somebody to another host by an address that begins with ours.

Signing in is `rapport/accounts/tests/test_sign_in.py` (CVE-2024-36406); here is every other page
that goes where it is told to.
"""

import pytest
from django.test import Client

from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "/\t/evil.example",
    "\x01https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "///evil.example",
    "https://testserver@evil.example/",
]
elsewhere = pytest.mark.parametrize("target", ELSEWHERE)


def stays(answer: object) -> None:
    place = getattr(answer, "headers", {}).get("Location", "/")
    assert place.startswith("/"), place
    assert not place.startswith(("//", "/\\")), place
    assert not any(sign in place for sign in "\r\n\t\\"), place


@elsewhere
def test_cve_2021_26947_no_page_leads_out_of_the_house(target: str) -> None:
    user = make_user()
    browser = signed_in(user)
    key = make_sample("person")
    sent = {"next": target, "back": target, "return": target, "return_url": target, "to": target}
    for address in ("/account/language/", "/logout/", f"/people/{key}/delete/"):
        stays(browser.post(address, sent, headers={"Referer": target}))
    stays(Client().post("/login/", {"email": user.email, "password": PASSWORD} | sent))
    for address in ("/login/", "/people/", "/login/sso/", "/account/", "/welcome/"):
        stays(Client().get(address, sent, headers={"Referer": target}))
        stays(browser.get(address, sent, headers={"Referer": target}))


@elsewhere
def test_cve_2020_19363_what_would_lead_out_is_no_address_on_a_page(target: str) -> None:
    page = Client().get("/login/", {"next": target}).content.decode()
    assert "evil.example" not in page
    assert "alert(1)" not in page

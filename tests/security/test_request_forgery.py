"""Acting through the browser of somebody who is signed in.

That no form of an account works without its proof is `rapport/accounts/tests/test_account.py`; here
every route that takes a POST is asked without one.
"""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import make_sample
from tests.house.product.test_routes import own_routes

pytestmark = pytest.mark.django_db

KEY = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
#: No cookie counts there: programs prove themselves by a secret.
WITHOUT_COOKIE = ("/mcp", "/oauth/token", "/oauth/revoke", "/scim/", "/login/sso/leave/")
WORDS = {"uuid": KEY, "object": "people", "int": "1"}


def addresses() -> list[str]:
    """Every address of the product that a browser may send a form to."""
    found = {_filled(route.address) for route in own_routes(get_resolver().url_patterns)}
    return sorted(one for one in found if not one.startswith("/api/"))


def _filled(address: str) -> str:
    plain = re.sub(
        r"<(?:(\w+):)?\w+>", lambda part: WORDS.get(part[1] or "", "x"), "/" + address.lstrip("/")
    )
    return plain.replace("^", "").replace("$", "")


def test_no_form_is_taken_from_another_site() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user())
    tried = addresses()
    assert len(tried) > 100
    for address in tried:
        answer = browser.post(address, {}, headers={"Origin": "https://evil.example"})
        refused = (400, 401) if address.startswith(WITHOUT_COOKIE) else (403, 404, 405)
        assert answer.status_code in refused, (address, answer.status_code)


def test_a_look_changes_nothing() -> None:
    """A link that deletes needs no forged form."""
    browser = signed_in(make_user())
    key = make_sample("person")
    for verb in ("delete", "edit", "restore", "merge"):
        assert browser.get(f"/people/{key}/{verb}/").status_code in (200, 302, 404, 405)
    assert browser.get(f"/people/{key}/").status_code == 200
    assert browser.get("/logout/").status_code == 405
    assert browser.get("/account/").status_code == 200


def test_a_session_opens_no_api_by_a_form_of_another_site() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        answer = browser.post("/api/v1/people", b'{"last_name": "Evil"}', content_type=kind)
        assert answer.status_code in (401, 403, 415), kind

"""Requests of apps: addresses that are not theirs, no proof to come, more than they may.

Each is refused before anything is given; see `test_oauth.py` for what is given.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError

from rapport.accounts.models import AuthorizationCode, User
from rapport.accounts.testing import signed_in
from tests.apps import (
    AUTHORIZE,
    VERIFIER,
    allow,
    register,
    sent_back,
)

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"


OTHER_ADDRESSES = [
    "https://app.example/callback/",
    "https://app.example/callback?x=1",
    "https://app.example/callback#x",
    "https://app.example/CALLBACK",
    "https://APP.example/callback",
    "https://app.example/callback/../evil",
    "https://app.example/callback%2f..%2fevil",
    "https://app.example.evil.example/callback",
    "https://app.example@evil.example/callback",
    "https://evil.example\\@app.example/callback",
    "https://evil.example/?https://app.example/callback",
    "https://app.example:444/callback",
    "http://app.example/callback",
    "//app.example/callback",
    " https://app.example/callback",
    "https://app.example/callback\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "data:text/html,x",
    "",
]


def test_cve_2020_15234_and_cve_2019_3778_no_other_address_is_answered(
    ida: User,
) -> None:
    app, browser = register(), signed_in(ida)
    for place in OTHER_ADDRESSES:
        for answer in (
            allow(browser, app.request(redirect_uri=place)),
            # Nor is a fault told there.
            browser.get(AUTHORIZE, app.request(redirect_uri=place, response_type="token")),
        ):
            assert answer.status_code == 400, place
            assert "Location" not in answer.headers
    assert not AuthorizationCode.objects.exists()


ON_THIS_COMPUTER = [
    ("http://127.0.0.1:49152/cb", True),
    ("http://127.0.0.1/cb", True),
    ("http://127.0.0.1:49152/cb/evil", False),
    ("http://127.0.0.1:49152/cb?x=1", False),
    ("http://127.0.0.1:80@evil.example/cb", False),
    ("http://evil.example:80/cb", False),
    ("http://127.0.0.1.evil.example:80/cb", False),
    ("http://localhost:49152/cb", False),
    ("https://127.0.0.1:49152/cb", False),
    ("http://127.0.0.1:99999/cb", False),
    ("http://127.0.0.1:x/cb", False),
]


def test_cve_2020_15233_and_cve_2024_8883_on_the_same_computer_only_the_port_is_free(
    ida: User,
) -> None:
    app = register(is_confidential=False, redirect_uris=["http://127.0.0.1/cb"])
    browser = signed_in(ida)
    for place, is_good in ON_THIS_COMPUTER:
        page = browser.get(AUTHORIZE, app.request(redirect_uri=place))
        assert page.status_code == (200 if is_good else 400), place


NO_ADDRESSES = [
    "http://app.example/callback",
    "https://app.example/#part",
    "https://ida@app.example/",
    "https://*.example/",
    "https://",
    "https://[::1",
    "https://app.example/;script-src *",
    "javascript:alert(1)",
    "data:text/html,x",
    "plain:/cb",
    "/callback",
    "https://app.example/ x",
]


def test_cve_2022_36087_and_cve_2023_6291_such_addresses_are_not_registered() -> None:
    for place in NO_ADDRESSES:
        with pytest.raises(ValidationError):
            register(redirect_uris=[place])


WITHOUT_A_DIGEST: list[dict[str, str | None]] = [
    {"code_challenge_method": "plain", "code_challenge": VERIFIER},
    {"code_challenge_method": None},
    {"code_challenge": None},
    {"code_challenge": None, "code_challenge_method": None},
    {"code_challenge": "short"},
    {"code_challenge": "a" * 42 + "="},
]


def test_cve_2024_23647_a_request_without_a_hashed_challenge_is_declined(
    ida: User,
) -> None:
    browser = signed_in(ida)
    for app in (register(), register(is_confidential=False)):
        for change in WITHOUT_A_DIGEST:
            told = sent_back(allow(browser, app.request(**change)))
            assert told == {"error": "invalid_request", "state": "st4te", "iss": ISSUER}, change


def test_cve_2016_4977_what_is_sent_is_not_said_again_on_a_page(ida: User) -> None:
    odd = "${7*7}{{7*7}}<b>odd</b>"
    app, browser = register(), signed_in(ida)
    pages = [
        browser.get(AUTHORIZE, app.request(client_id=odd)),
        browser.get(AUTHORIZE, app.request(redirect_uri=odd)),
        browser.get(AUTHORIZE, app.request(login_hint=odd)),
    ]
    for page in pages:
        # The address of the page itself stands in the form that changes the language.
        text = re.sub(r'name="next" value="[^"]*"', "", page.content.decode())
        assert "7*7" not in text
        assert "<b>odd" not in text


NOT_UNDERSTOOD = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"request": "x.y.z"}, "request_not_supported"),
    ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
    ({"resource": "https://evil.example/api"}, "invalid_target"),
    ({"scope": "everything"}, "invalid_scope"),
    ({"scope": "person.own"}, "invalid_scope"),
    ({"scope": "read " * 1000 + "x"}, "invalid_scope"),
]


def test_what_is_not_understood_is_declined(ida: User) -> None:
    app, browser = register(), signed_in(ida)
    for change, error in NOT_UNDERSTOOD:
        assert sent_back(allow(browser, app.request(**change)))["error"] == error, change


def test_what_is_said_twice_is_declined(ida: User) -> None:
    app, browser = register(), signed_in(ida)
    query = urlencode(app.request())
    assert browser.get(f"{AUTHORIZE}?{query}&client_id={app.id}").status_code == 400
    assert browser.get(f"{AUTHORIZE}?{query}&redirect_uri=https://evil.example").status_code == 400
    for more in ("state=other", "scope=write&scope=read", "code_challenge_method=plain"):
        answer = browser.get(f"{AUTHORIZE}?{query}&{more}")
        assert sent_back(answer)["error"] == "invalid_request"


TOO_MUCH = [
    (["read"], "write"),
    (["read"], "*.create"),
    (["person.view"], "read"),
    (["person.view"], "deal.view"),
    (["person.view", "person.edit"], "person.view person.delete"),
]


def test_an_app_asks_for_no_more_than_it_was_registered_for(ida: User) -> None:
    browser = signed_in(ida)
    for allowed, asked in TOO_MUCH:
        app = register(scopes=allowed)
        told = sent_back(allow(browser, app.request(scope=asked)))
        assert told["error"] == "invalid_scope", asked

"""What every answer says to a browser, and what a request may not slip in by its headers.

Forwarded headers count from configured proxies only: `rapport/accounts/tests/test_sign_in.py` and
`rapport/project/tests/test_bridge.py` (CVE-2026-107393). Headers of mails:
`rapport/accounts/tests/test_outgoing.py`; of outgoing requests: `test_outbound.py` beside it.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db

RULES = (
    "default-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
ANSWERS = ("/", "/login/", "/people/", "/nothing/", "/api/v1/people", "/setup/users/", "/search/")


@pytest.mark.parametrize("address", ANSWERS)
def test_cve_2026_32754_every_answer_forbids_script_frames_and_guessing(address: str) -> None:
    for client in (Client(), signed_in(make_user(email="ida@nordwind.example"))):
        head = client.get(address).headers
        policy = head["Content-Security-Policy"]
        for rule in RULES:
            assert rule in policy, (address, rule)
        assert "unsafe" not in policy
        assert head["X-Content-Type-Options"] == "nosniff"
        assert head["X-Frame-Options"] == "DENY"
        assert head["Referrer-Policy"] == "same-origin"
        assert head["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Permissions-Policy" in head
        assert "Access-Control-Allow-Origin" not in head


@pytest.mark.parametrize("address", ["/", "/people/", "/account/", "/setup/users/"])
def test_pages_of_those_who_signed_in_are_kept_by_nobody(address: str) -> None:
    said = signed_in(make_user()).get(address).headers.get("Cache-Control", "")
    assert "no-store" in said or "private" in said, (address, said)


def test_who_signed_out_leaves_no_pages_in_the_browser(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = signed_in(make_user()).post("/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    user = make_user()
    client = Client()
    client.get("/login/")
    client.post("/login/", {"email": user.email, "password": PASSWORD})
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
        assert not cookie["domain"], cookie.key


@pytest.mark.long
def test_over_https_cookies_insist_on_it_and_on_this_host() -> None:
    said = _settings_of("https://crm.nordwind.example")
    assert said["session"].startswith("__Host-")
    assert said["csrf"].startswith("__Host-")
    assert said["secure"] == [True, True, True]
    assert said["hsts"] >= 31_536_000


def _settings_of(public_url: str) -> Any:
    code = (
        "import json; from rapport.project import settings as s; print(json.dumps({"
        "'session': s.SESSION_COOKIE_NAME, 'csrf': s.CSRF_COOKIE_NAME,"
        "'secure': [s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE],"
        "'hsts': s.SECURE_HSTS_SECONDS}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"RAPPORT_PUBLIC_URL": public_url},
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: stolen=1", "a\nX-Evil: 1", "a\x00b"])
def test_cve_2021_45071_nothing_typed_ends_up_as_a_header(value: str) -> None:
    browser = signed_in(make_user())
    key = make_sample("person")
    answers = [
        browser.get("/people/", {"q": value, "sort": value}),
        browser.get("/login/", {"next": "/" + value}),
        browser.post(f"/people/{key}/delete/", {"next": "/" + value}),
        browser.get("/people/export/", {"format": value, "name": value}),
    ]
    for answer in answers:
        assert "X-Evil" not in answer.headers
        assert "stolen" not in answer.cookies


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "GET\r\nX"])
def test_methods_nobody_asked_for_do_nothing(method: str) -> None:
    answer = signed_in(make_user()).generic(method, "/people/")
    assert answer.status_code in (400, 404, 405)

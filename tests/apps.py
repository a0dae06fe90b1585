"""Apps for tests: registered here, let in by a browser, asking without one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client

from rapport.accounts.models import OAuthApp, User
from rapport.accounts.oauth.registering import create_app
from rapport.accounts.testing import Answer, signed_in

CALLBACK = "https://app.example/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
AUTHORIZE, TOKEN, REVOKE = "/oauth/authorize", "/oauth/token", "/oauth/revoke"

VALUES: dict[str, Any] = {
    "name": "Planner",
    "redirect_uris": [CALLBACK],
    "scopes": ["write"],
    "days": 90,
    "networks": [],
}


@dataclass(frozen=True)
class App:
    """A registered app as its maker's program sees it."""

    row: OAuthApp
    secret: str

    @property
    def id(self) -> str:
        """Its client id."""
        return str(self.row.pk)

    def request(self, **changes: str | None) -> dict[str, str]:
        """What the browser is sent with; None leaves something out."""
        asked: dict[str, str | None] = {
            "client_id": self.id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "state": "st4te",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def code(self, user: User, **changes: str | None) -> str:
        """A code that the user has just allowed."""
        return sent_back(allow(signed_in(user), self.request(**changes)))["code"]

    def tokens(self, user: User, **changes: str | None) -> dict[str, Any]:
        """What the app is given for the user."""
        answer = self.redeem(self.code(user, **changes))
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def redeem(self, code: str, **changes: str) -> Answer:
        """The answer to the code."""
        asked = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
        return self.post(TOKEN, asked | changes)

    def refresh(self, secret: str, **changes: str) -> Answer:
        """The answer to a refresh token."""
        return self.post(TOKEN, {"grant_type": "refresh_token", "refresh_token": secret} | changes)

    def post(self, address: str, form: dict[str, str]) -> Answer:
        """Send a form with the proof that it is this app."""
        proof = {"client_id": self.id} | ({"client_secret": self.secret} if self.secret else {})
        return post_form(address, proof | form)


def register(*, is_confidential: bool = True, **values: Any) -> App:
    """Register an app."""
    return App(*create_app(VALUES | values, is_confidential=is_confidential))


def allow(browser: Client, request: dict[str, str], do: str = "allow") -> Answer:
    """Press a button of the page that asks."""
    return browser.post(f"{AUTHORIZE}?{urlencode(request)}", {"do": do})


def sent_back(answer: Answer) -> dict[str, str]:
    """What the app hears from the browser that comes back to it."""
    assert answer.status_code == 303, answer.content
    place = urlsplit(answer.headers["Location"])
    return dict(parse_qsl(place.query))


def post_form(address: str, form: dict[str, str], **headers: str) -> Answer:
    """A form from a program, not from a browser."""
    return Client(enforce_csrf_checks=True).post(
        address,
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


def people(secret: str, method: str = "get", **extra: Any) -> int:
    """What the API answers to a token."""
    headers = {"Authorization": f"Bearer {secret}"}
    return int(getattr(Client(), method)("/api/v1/people", headers=headers, **extra).status_code)

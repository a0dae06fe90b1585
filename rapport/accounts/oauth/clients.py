"""How an app proves at the token endpoint that it is itself."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from rapport.accounts.bearer import digest_of
from rapport.accounts.models import OAuthApp
from rapport.accounts.oauth.asking import app_of


class NotProved(Exception):
    """Unknown, removed, or without the right secret; it is not said which."""


def app_behind(request: HttpRequest) -> OAuthApp:
    """The app that sends the request, by its secret if it has one (RFC 6749, 2.3.1).

    Raises NotProved.
    """
    client, secret = _said_in_header(request) or _said_in_body(request)
    app = app_of(client)
    if app is None or not constant_time_compare(digest_or_nothing(secret), app.secret_digest):
        raise NotProved
    return app


def digest_or_nothing(secret: str) -> str:
    """What is kept of a secret; nothing of none, as for public apps."""
    return digest_of(secret) if secret else ""


def _said_in_header(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _space, pair = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(pair, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NotProved from None
    client, _colon, secret = text.partition(":")
    if "client_secret" in request.POST or request.POST.get("client_id", client) != client:
        # Two proofs at once may be two apps.
        raise NotProved
    return unquote_plus(client), unquote_plus(secret)


def _said_in_body(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("client_id", ""), request.POST.get("client_secret", "")

"""What we ask an identity provider: JSON over HTTPS, through the gateway, no redirects."""

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from django.utils.translation import gettext as _

from rapport.accounts.outbound import Answer, Unreachable, ask

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
GOOD = 200


class NoAnswer(Exception):
    """The provider did not answer as it should; the message says what happened."""


def get(address: str, bearer: str = "") -> dict[str, Any]:
    """Return the JSON object at an address. Raises NoAnswer."""
    return _ask("GET", address, {"Authorization": f"Bearer {bearer}"} if bearer else {})


def post(address: str, form: Mapping[str, str], client: str, secret: str) -> dict[str, Any]:
    """Send a form as this client and return the JSON object that comes. Raises NoAnswer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret:
        # Encoded first, as RFC 6749 (2.3.1) has it.
        pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return _ask("POST", address, headers, urlencode(form))


def is_fit(address: str) -> bool:
    """Whether we would ask there: over TLS, or on this very machine."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return bool(is_safe and parts.hostname and not parts.username and address.isprintable())


def _ask(method: str, address: str, headers: dict[str, str], body: str = "") -> dict[str, Any]:
    if not is_fit(address):
        raise NoAnswer(_("%(address)s is no https address.") % {"address": address})
    wanted = {"Accept": "application/json", **headers}
    try:
        answer = ask(method, address, headers=wanted, body=body.encode() or None)
        return _read(answer, address)
    except Unreachable as fault:
        said = {"address": address, "fault": fault}
        raise NoAnswer(_("%(address)s can't be asked: %(fault)s") % said) from fault


def _read(answer: Answer, address: str) -> dict[str, Any]:
    if answer.status != GOOD:
        said = {"address": address, "status": answer.status}
        raise NoAnswer(_("%(address)s answered %(status)s.") % said)
    found = answer.json()
    if not isinstance(found, dict):
        raise NoAnswer(_("%(address)s answered something else.") % {"address": address})
    return found

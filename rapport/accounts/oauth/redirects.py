"""Where a browser is sent back to: addresses that were registered, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MOST_LETTERS = 500
# Signs of RFC 3986 without those that part the sources of a content security policy.
_SIGNS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&()*+=%]+")
# The name of a domain turned round (RFC 8252, 7.1): so nobody registers `javascript:`.
_OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")


def check_redirect(address: str) -> None:
    """Raise ValidationError unless a browser may be sent to the address with a code."""
    parts = _parts(address)
    if parts is None or not _SIGNS.fullmatch(address) or len(address) > MOST_LETTERS:
        raise ValidationError(_("“%(value)s” is no whole address."), params={"value": address})
    if parts.username is not None or "*" in parts.netloc:
        raise ValidationError(_("“%(value)s” names no single host."), params={"value": address})
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return
    if _OWN_SCHEME.fullmatch(parts.scheme) and (parts.path or parts.netloc):
        return
    raise ValidationError(
        _("“%(value)s” is neither an https address nor one on the same computer."),
        params={"value": address},
    )


def is_registered(address: str, registered: Iterable[str]) -> bool:
    """Whether the address is one of these, letter by letter.

    On the same computer an app can't choose its port beforehand: where none was registered, any
    will do (RFC 8252, 7.3).
    """
    known = set(registered)
    if address in known:
        return True
    parts = _parts(address)
    if parts is None or parts.scheme != "http" or parts.hostname not in LOOPBACK:
        return False
    is_plain = _SIGNS.fullmatch(address) and parts.username is None and not parts.fragment
    port = f":{parts.port}"
    return bool(is_plain and parts.port and _without_port(address, parts, port) in known)


def send_back(address: str, answer: Iterable[tuple[str, str]]) -> HttpResponse:
    """Return the browser to the app with an answer for it."""
    sign = "&" if urlsplit(address).query else "?"
    response = HttpResponse(status=303)
    response.headers["Location"] = f"{address}{sign}{urlencode(list(answer))}"
    return response


def form_source(address: str) -> str:
    """What a content security policy calls the place a form may lead on to."""
    parts = urlsplit(address)
    # A policy has no way to write the address of a host with colons in it.
    if parts.scheme in ("http", "https") and "[" not in parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return None if parts.fragment or (parts.port or 0) < 0 else parts
    except ValueError:
        return None


def _without_port(address: str, parts: SplitResult, port: str) -> str:
    return address.replace(parts.netloc, parts.netloc.removesuffix(port), 1)

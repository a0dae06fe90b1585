"""Web domains as companies are told apart by them."""

from __future__ import annotations

from urllib.parse import urlsplit


def domain_of(address: str) -> str:
    """The host of a web address, in ASCII,
    lower case and without `www.`; empty if there is none."""
    text = (address or "").strip()
    host = (urlsplit(text if "://" in text else f"//{text}").hostname or "").rstrip(".")
    host = host.removeprefix("www.")
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host

"""Codes that stand for a zone, a currency, a country or a language."""

import re
from functools import cache
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from babel.core import get_global
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@cache
def known_zones() -> frozenset[str]:
    """The names of all time zones; the system keeps each in a file, and all are looked through."""
    return frozenset(available_timezones())


def is_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a time zone."""
    if value not in known_zones():
        raise ValidationError(_("“%(value)s” is no time zone we know."), params={"value": value})


def is_currency(value: str) -> None:
    """Raise ValidationError unless `value` is an ISO code of a currency."""
    if value not in get_global("all_currencies"):
        raise ValidationError(_("“%(value)s” is no currency code."), params={"value": value})


def is_country(value: str) -> None:
    """Raise ValidationError unless `value` is an ISO code of a country."""
    if value not in get_global("territory_currencies"):
        raise ValidationError(_("“%(value)s” is no country code."), params={"value": value})


def is_site(value: str) -> None:
    """Raise ValidationError unless `value` is where a site answers: scheme and host, no more.

    A name inside one's own network has no dot, so Django's check would refuse it.
    """
    parts = urlsplit(value)
    is_plain = value.isprintable() and not set(value) & set(" \\@?#")
    if (
        parts.scheme in {"http", "https"}
        and parts.hostname
        and parts.path in {"", "/"}
        and is_plain
    ):
        return
    raise ValidationError(_("Write it like https://crm.example.com, without anything behind."))


def is_language(value: str) -> None:
    """Raise ValidationError unless the house speaks this language."""
    if value not in dict(settings.LANGUAGES):
        raise ValidationError(_("We do not speak “%(value)s” yet."), params={"value": value})


def are_networks(values: Any) -> None:
    """Raise ValidationError unless `values` is a list of IP addresses and networks."""
    for value in values if isinstance(values, list) else [values]:
        try:
            ip_network(value)
        except (ValueError, TypeError):
            raise ValidationError(
                _("“%(value)s” is no IP address or network. Write it like 203.0.113.0/24."),
                params={"value": str(value)[:60]},
            ) from None


def is_color(value: str) -> None:
    """Raise ValidationError unless `value` is a colour dark enough for white words on it."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError(_("Write the colour like #0f5c5a."))
    red, green, blue = (_linear(int(value[place : place + 2], 16) / 255) for place in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    # What WCAG asks of words: 4.5 to 1 between them and what they stand on.
    if 1.05 / (luminance + 0.05) < 4.5:
        raise ValidationError(_("White words can't be read on this colour. Choose a darker one."))


def _linear(part: float) -> float:
    """How bright a part of a colour is, of 0 to 1 as it is written."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

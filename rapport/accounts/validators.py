"""Codes that stand for a zone, a currency, a country or a language."""

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

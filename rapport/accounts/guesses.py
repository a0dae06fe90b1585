"""What a first-run page can know without asking: language, country, money and zone."""

import os
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.http import HttpRequest
from django.utils.translation import get_language_from_request
from django.utils.translation.trans_real import parse_accept_lang_header

from rapport.accounts.validators import known_zones

ZONE_LINK = Path("/etc/localtime")


@dataclass(frozen=True, slots=True)
class Guess:
    """Defaults for a new workspace."""

    language: str
    country: str
    currency: str
    timezone: str
    first_day_of_week: int


def guess(request: HttpRequest) -> Guess:
    """Guess from the browser's languages and, as a firm runs its own server, the server's zone."""
    zone = server_zone()
    country = _country_of_browser(request) or get_global("zone_territories").get(zone, "")
    currencies = get_territory_currencies(country) if country else []
    return Guess(
        language=get_language_from_request(request),
        country=country,
        currency=currencies[-1] if currencies else "EUR",
        timezone=zone,
        first_day_of_week=_first_day(country),
    )


def server_zone() -> str:
    """Return the name of the server's time zone, UTC if it has none we know."""
    linked = str(ZONE_LINK.resolve()).partition("zoneinfo/")[2]
    known = known_zones()
    found = (name for name in (os.environ.get("TZ", ""), linked) if name in known)
    zone = next(found, "UTC")
    return "UTC" if zone.startswith("Etc/") else zone


def _country_of_browser(request: HttpRequest) -> str:
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        region = tag.rpartition("-")[2].upper()
        if "-" in tag and region in get_global("territory_currencies"):
            return region
    return ""


def _first_day(country: str) -> int:
    try:
        return Locale.parse(f"und_{country}").first_week_day + 1
    except (UnknownLocaleError, ValueError):
        return 1

"""Zones, currencies, countries and languages to choose from, in the reader's language."""

from functools import cache

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.translation import get_language

from rapport.accounts.validators import known_zones
from rapport.kit.formats import locale_of

type Choices = list[tuple[str, str]]


def zones() -> Choices:
    """Return the time zones people live in, by name."""
    return [(zone, zone.replace("_", " ")) for zone in _zones()]


def currencies() -> Choices:
    """Return the currencies in use today, by name."""
    return _currencies(get_language() or "en")


def countries() -> Choices:
    """Return the countries, by name."""
    return _countries(get_language() or "en")


def languages() -> Choices:
    """Return the languages the house speaks, each named in itself."""
    return [(code, str(locale_of(code).display_name).capitalize()) for code in _codes()]


def months() -> list[tuple[int, str]]:
    """Return the months of the year."""
    names = locale_of(get_language() or "en").months["stand-alone"]["wide"]
    return [(number, names[number].capitalize()) for number in range(1, 13)]


def weekdays() -> list[tuple[int, str]]:
    """Return the days of the week by their ISO numbers."""
    names = locale_of(get_language() or "en").days["stand-alone"]["wide"]
    return [(number, names[number - 1].capitalize()) for number in range(1, 8)]


@cache
def _zones() -> tuple[str, ...]:
    places = (zone for zone in known_zones() if "/" in zone)
    return ("UTC", *sorted(z for z in places if not z.startswith(("Etc/", "SystemV/", "US/"))))


@cache
def _currencies(language: str) -> Choices:
    names = Locale.parse(language, sep="-").currencies
    codes = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _start, end, is_tender in uses
        if end is None and is_tender
    }
    return _by_name([(code, f"{names.get(code, code)} ({code})") for code in codes])


@cache
def _countries(language: str) -> Choices:
    names = Locale.parse(language, sep="-").territories
    codes = [code for code in get_global("territory_currencies") if code in names]
    return _by_name([(code, names[code]) for code in codes])


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _by_name(choices: Choices) -> Choices:
    return sorted(choices, key=lambda choice: choice[1].casefold())

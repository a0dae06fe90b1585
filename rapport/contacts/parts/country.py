"""Countries by their ISO 3166 code, named in the reader's language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.functional import lazy
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import locale_of
from rapport.records.kinds import Context, Invalid, column
from rapport.records.kinds.choice import Choice, select
from rapport.ui.html import escaped

NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
TONGUES = ("en", "es", "de", "fr")
# How countries are called at home, for files that came from there; read only when needed.
MORE_TONGUES = (
    "pt", "it", "nl", "ca", "pl", "sv", "da", "nb", "fi", "cs", "hu", "ro", "el", "tr", "ru", "uk",
    "ar",
    "he", "ja", "ko", "zh", "zh_Hant", "th", "vi", "id", "hi",
)  # fmt: skip
ALIASES = {
    "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US", "america": "US",
    "eeuu": "US", "ee. uu.": "US", "ee.uu.": "US", "uk": "GB", "u.k.": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "holland": "NL",
    "uae": "AE", "u.a.e.": "AE", "republic of korea": "KR", "korea": "KR", "czech republic": "CZ",
    "russian federation": "RU", "viet nam": "VN", "turkey": "TR", "ivory coast": "CI", "brd": "DE",
}  # fmt: skip


class UnknownCountry(LookupError):
    """Text that names no country."""


def country_name(code: str, language: str) -> str:
    """The country's name in a language; the code itself when there is none."""
    return locale_of(language).territories.get(code, code)


def find_country(text: str) -> str:
    """The code for a code or a name in any of the tongues we read. Raises UnknownCountry."""
    wanted = " ".join(text.casefold().split())
    if wanted.upper() in codes():
        return wanted.upper()
    for tongues in (TONGUES, MORE_TONGUES):
        found = ALIASES.get(wanted) or _by_name(tongues).get(wanted)
        if found:
            return found
    raise UnknownCountry(text)


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    """All ISO codes, in the order of their English names."""
    territories = locale_of("en").territories
    found = {str(code) for code in territories if re.fullmatch("[A-Z]{2}", str(code))}
    return tuple(sorted(found - NOT_COUNTRIES, key=lambda code: territories[code]))


@lru_cache(maxsize=2)
def _by_name(tongues: tuple[str, ...]) -> dict[str, str]:
    return {
        locale_of(tongue).territories[code].casefold(): code
        for tongue in reversed(tongues)
        for code in codes()
        if code in locale_of(tongue).territories
    }


_here = lazy(lambda code: country_name(code, get_language() or "en"), str)


class Country(Choice):
    """A country; stored by code, typed by code or by name in several languages."""

    type = "country"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, {code: _here(code) for code in codes()}, **options)

    def find(self, text: str) -> str:
        try:
            return find_country(text)
        except UnknownCountry:
            raise Invalid(
                _("“%(text)s” is not a country. Use its name or its code, such as DE.")
                % {"text": text[:40]}
            ) from None

    def plain(self, value: Any, context: Context) -> str:
        return country_name(value, context.language) if value else ""

    def show(self, value: Any, context: Context) -> SafeString:
        return escaped(self.plain(value, context))

    def edit(self, value: Any, context: Context, attributes: SafeString) -> SafeString:
        names = {code: country_name(code, context.language) for code in codes()}
        ordered = sorted(names.items(), key=lambda one: one[1].casefold())
        chosen = [(code, name, code == value) for code, name in ordered]
        return select(attributes, [("", "–", not value), *chosen])


country = column(Country)

"""Phone numbers as people type them, and the international form in which they are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat

from rapport.contacts.parts.phone_plans import international, parts_of
from rapport.records.kinds import Invalid


@dataclass(frozen=True, slots=True)
class ReadPhone:
    """A number in the form E.164 and the extension to dial after it."""

    e164: str
    extension: str = ""


def read_phone(text: str, country: str = "") -> ReadPhone:
    """The number written in `text`, dialled from `country` unless it begins with +.

    Raises Invalid with a sentence.
    """
    typed = text.strip().removeprefix("tel:")
    if typed.startswith("00"):
        typed = f"+{typed[2:]}"
    if plain := plain_international(typed):
        return ReadPhone(plain)
    try:
        number = phonenumbers.parse(typed, country.upper() or None)
    except NumberParseException as problem:
        raise Invalid(_sentence(typed, country, problem.error_type)) from None
    if not phonenumbers.is_possible_number(number):
        raise Invalid(_sentence(typed, country, NumberParseException.NOT_A_NUMBER))
    return ReadPhone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164), number.extension or ""
    )


def plain_international(typed: str) -> str:
    """The number in E.164 where it is written out in full, else an empty text."""
    if not _IN_FULL.fullmatch(typed) or "(0" in typed:
        return ""
    digits = typed.translate(_PUNCTUATION)
    return f"+{digits}" if parts_of(digits) else ""


_IN_FULL = re.compile(r"\+[1-9][0-9 ().-]{5,22}[0-9]")
_PUNCTUATION = {ord(letter): None for letter in "+ ().-"}


def show_phone(e164: str, country: str = "") -> str:
    """The number grouped as it is written: nationally in its own country, else internationally."""
    if shown := international(e164, country):
        return shown
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    at_home = country and phonenumbers.region_code_for_number(number) == country.upper()
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def _sentence(text: str, country: str, error: int) -> str:
    digits = sum(letter.isdigit() for letter in text)
    if error == NumberParseException.INVALID_COUNTRY_CODE and digits >= 5 and not country:
        return _(
            "“%(text)s” has no country code. Write it like +49 8382 704112, or choose a country."
        ) % {"text": text[:40]}
    if error == NumberParseException.INVALID_COUNTRY_CODE:
        return _("“%(text)s” begins with a country code that does not exist.") % {"text": text[:40]}
    if error == NumberParseException.TOO_LONG:
        return _("“%(text)s” is too long for a phone number.") % {"text": text[:40]}
    return _("“%(text)s” is not a phone number.") % {"text": text[:40]}

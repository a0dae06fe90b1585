"""The short ways of reading and writing a phone number say what the library says."""

import random
from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from rapport.contacts.parts.phone_plans import international
from rapport.contacts.parts.phone_text import plain_international, read_phone, show_phone


def test_numbers_written_out_in_full_are_read_as_the_library_reads_them() -> None:
    rnd = random.Random(7)
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    seen = 0
    for _number in range(20_000):
        digits = "".join(rnd.choices("0123456789", k=rnd.randint(4, 13)))
        typed = f"+{rnd.choice(codes)}{rnd.choice(['', ' ', '-', ' ('])}{digits}"
        if short := plain_international(typed):
            seen += 1
            assert short == _library(typed), typed
    assert seen > 3_000


def test_example_numbers_of_every_country_come_out_the_same() -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number(region)
        if number is None:
            continue
        wanted = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        assert read_phone(written).e164 == wanted, written


def test_numbers_are_written_as_the_library_writes_them() -> None:
    seen = 0
    for number in _examples():
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        seen += bool(international(e164))
        assert international(e164) in ("", written)
        assert show_phone(e164) == written
        for home in ("ES", "us", "IT"):
            at_home = phonenumbers.region_code_for_number(number) == home.upper()
            form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
            assert show_phone(e164, home) == phonenumbers.format_number(number, form)
    assert seen > 7_000


def test_what_is_no_number_is_shown_as_it_is() -> None:
    for text in ("", "+", "ask for Ann", "+ab123456", "+999123456789"):
        assert show_phone(text) == text


def _examples() -> Iterator[PhoneNumber]:
    """Numbers of every sort and country, and others with the same beginnings."""
    rnd = random.Random(11)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for sort in PhoneNumberType.values():
            number = phonenumbers.example_number_for_type(region, sort)
            if number is None:
                continue
            yield number
            digits = phonenumbers.national_significant_number(number)
            for kept in (1, 2, 3, 4, 5):
                rest = "".join(rnd.choices("0123456789", k=len(digits) - kept))
                e164 = f"+{number.country_code}{digits[:kept]}{rest}"
                yield phonenumbers.parse(e164, None)


def _library(typed: str) -> str | None:
    try:
        number = phonenumbers.parse(typed, None)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number) and not number.extension
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if possible else None

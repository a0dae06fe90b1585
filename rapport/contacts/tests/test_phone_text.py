"""The short way of reading a phone number says what the library says."""

import random

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from rapport.contacts.parts.phone_text import plain_international, read_phone


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


def _library(typed: str) -> str | None:
    try:
        number = phonenumbers.parse(typed, None)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number) and not number.extension
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if possible else None

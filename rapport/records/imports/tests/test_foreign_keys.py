"""Keys that other programs write in two ways."""

from __future__ import annotations

import pytest

from rapport.records.imports.running.salesforce import long_key

# As published exports have them.
KEYS = ("0015500000Xyy06AAB", "0011G00000eLwuWQAS", "0011G00000f8MOkQAM", "0011G00000nKDIvQAO")


@pytest.mark.parametrize("key", KEYS)
def test_the_short_form_of_a_key_becomes_the_long_one(key: str) -> None:
    assert long_key(key[:15]) == key
    assert long_key(key) == key


@pytest.mark.parametrize(
    "text", ["", "Acme", "001234567890123", "ABCDEFGHIJKLMNO", "0015500000-yy06", "ES123456789012X"]
)
def test_what_is_no_key_of_salesforce_stays_as_it_is(text: str) -> None:
    assert long_key(text) == text

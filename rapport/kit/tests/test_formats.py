"""Numbers and money as each locale writes them."""

from decimal import Decimal

import pytest

from rapport.kit.formats import format_decimal, format_money, format_percent


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("86400", "EUR", "en", "€86,400"),
        ("86400.5", "EUR", "en", "€86,400.50"),
        ("86400.5", "EUR", "es", "86.400,50\xa0€"),
        ("9480000", "JPY", "en", "¥9,480,000"),
        ("-12.3", "USD", "en", "-$12.30"),
        ("1234.5", "", "es", "1.234,5"),
    ],
)
def test_money(amount: str, currency: str, language: str, text: str) -> None:
    assert format_money(Decimal(amount), currency, language) == text


def test_decimals_keep_their_own_places() -> None:
    assert format_decimal(Decimal("1234.5000"), "en") == "1,234.5"
    assert format_decimal(Decimal("1234567"), "es") == "1.234.567"
    assert format_decimal(0, "en") == "0"


def test_percents() -> None:
    assert format_percent(Decimal(25), "en") == "25%"
    assert format_percent(Decimal("12.5"), "es") == "12,5\xa0%"

"""Numbers and money as each locale writes them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from rapport.kit.formats import (
    format_clock,
    format_decimal,
    format_duration,
    format_length,
    format_long_day,
    format_moment,
    format_money,
    format_percent,
    format_short_moment,
)


@pytest.mark.parametrize("told", [format_clock, format_moment, format_short_moment])
def test_one_moment_is_told_by_each_readers_own_clock(
    told: Callable[[datetime, str], str],
) -> None:
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    there = moment.astimezone(ZoneInfo("America/New_York"))
    assert there == moment
    assert "12:00" in told(moment, "en")
    assert "7:00" in told(there, "en")


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


AT, TODAY = datetime(2026, 11, 22, 14, 5, tzinfo=UTC), date(2026, 11, 1)


@pytest.mark.parametrize(
    ("language", "clock", "moment", "day"),
    [
        ("en", "2:05\u202fPM", "Sun, Nov 22, 2:05\u202fPM", "Sunday, November 22"),
        ("en-gb", "14:05", "Sun 22 Nov, 14:05", "Sunday, 22 November"),
        ("es", "14:05", "dom, 22 nov, 14:05", "domingo, 22 de noviembre"),
        ("de", "14:05", "So., 22. Nov., 14:05", "Sonntag, 22. November"),
    ],
)
def test_days_and_times(language: str, clock: str, moment: str, day: str) -> None:
    assert format_clock(AT, language) == clock
    assert format_short_moment(AT, language, TODAY) == moment
    assert format_long_day(AT.date(), language, TODAY) == day


def test_another_year_is_named() -> None:
    assert format_long_day(AT.date(), "es", date(2027, 1, 1)) == "domingo, 22 de noviembre de 2026"
    assert format_long_day(AT.date(), "en", TODAY, weekday=False) == "November 22"
    assert format_long_day(AT.date(), "es", None, weekday=False) == "22 de noviembre de 2026"


@pytest.mark.parametrize(
    ("minutes", "read", "typed"),
    [
        (26, "26 min", "0:26"), (65, "1 h 5 min", "1:05"), (60, "1 h", "1:00"),
        (0.5, "30 s", "0:00:30"),
        (0, "0 min", "0:00"), (-90, "-1 h 30 min", "-1:30"), (1500.25, "25 h 15 s", "25:00:15"),
    ],
)  # fmt: skip
def test_lengths_are_read_in_words_and_typed_as_a_clock(
    minutes: float, read: str, typed: str
) -> None:
    length = timedelta(minutes=minutes)
    assert format_length(length).replace("\N{NO-BREAK SPACE}", " ") == read
    assert format_duration(length) == typed

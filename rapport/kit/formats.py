"""Numbers, money, dates and durations by locale; formatters are compiled once per process."""

from __future__ import annotations

import re
from copy import copy
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_skeleton
from babel.dates import format_time as babel_time
from babel.numbers import NumberPattern, format_compact_currency, get_currency_precision


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The Babel locale of a language tag such as `es` or `en-gb`."""
    return Locale.parse(language.replace("-", "_"))


@lru_cache(maxsize=512)
def _decimals(language: str, places: int) -> NumberPattern:
    return _with_places(locale_of(language).decimal_formats[None], places, places)


@lru_cache(maxsize=64)
def _percents(language: str) -> NumberPattern:
    return _with_places(locale_of(language).percent_formats[None], 0, 2)


@lru_cache(maxsize=512)
def _currencies(language: str, places: int) -> NumberPattern:
    return _with_places(locale_of(language).currency_formats["standard"], places, places)


def _with_places(pattern: NumberPattern, least: int, most: int) -> NumberPattern:
    own = copy(pattern)
    own.frac_prec = (least, most)
    return own


@lru_cache(maxsize=256)
def money_digits(currency: str) -> int:
    """How many digits follow the decimal mark in this currency."""
    return get_currency_precision(currency) if currency else 2


@lru_cache(maxsize=8192)
def format_decimal(value: Decimal | int | float, language: str) -> str:
    """A number with its own decimals, grouped as the locale does."""
    value = Decimal(value).normalize() if value else Decimal(0)
    places = max(0, -int(value.as_tuple().exponent))
    return _decimals(language, places).apply(value, locale_of(language))


def format_percent(value: Decimal, language: str) -> str:
    """25 as `25 %` or `25%`, as the locale does."""
    return _percents(language).apply(Decimal(value) / 100, locale_of(language))


@lru_cache(maxsize=8192)
def format_money(amount: Decimal | int, currency: str, language: str) -> str:
    """An amount with its currency; whole amounts without empty cents."""
    if not currency:
        return format_decimal(amount, language)
    amount = Decimal(amount)
    places = 0 if amount == amount.to_integral_value() else money_digits(currency)
    return _currencies(language, places).apply(
        amount, locale_of(language), currency=currency, currency_digits=False
    )


@lru_cache(maxsize=1024)
def format_short_money(amount: Decimal | int, currency: str, language: str) -> str:
    """An amount as charts have room for: `€12K`, `12 mil €`."""
    digits = 1 if -10_000 < amount < 10_000 else 0
    return str(
        format_compact_currency(
            amount, currency or "EUR", locale=locale_of(language), fraction_digits=digits
        )
    )


@lru_cache(maxsize=4096)
def format_day(value: date, language: str, today: date | None = None) -> str:
    """A date without its year when that is this year's; with its weekday when it lies ahead."""
    if today is None or value.year != today.year:
        return babel_date(value, "medium", locale=locale_of(language))
    skeleton = "MMMEd" if value > today else "MMMd"
    return _skeleton(value, skeleton, language)


@lru_cache(maxsize=64)
def _skeleton_pattern(skeleton: str, language: str) -> str:
    found = locale_of(language).datetime_skeletons.get(skeleton)
    return str(found.pattern) if found else "medium"


def _skeleton(value: date, skeleton: str, language: str) -> str:
    return babel_date(value, _skeleton_pattern(skeleton, language), locale=locale_of(language))


@lru_cache(maxsize=512)
def format_month(value: date, language: str) -> str:
    """The month of a day with its year, as `October 2026`."""
    return str(format_skeleton("yMMMM", value, locale=locale_of(language)))


# A moment equals itself in every time zone: what is kept goes by what the clock shows.
def format_moment(value: datetime, language: str, *, full: bool = False) -> str:
    """A date and time; `full` with the year, else short."""
    return _format_moment(value.replace(tzinfo=None), language, full)


@lru_cache(maxsize=4096)
def _format_moment(shown: datetime, language: str, full: bool) -> str:
    form = "medium" if full else "short"
    return babel_datetime(shown, form, locale=locale_of(language))


def format_clock(value: datetime | time, language: str) -> str:
    """The time of day, as `14:05` or `2:05 PM`."""
    clock = value.time() if isinstance(value, datetime) else value.replace(tzinfo=None)
    return _format_clock(clock, language)


@lru_cache(maxsize=4096)
def _format_clock(shown: time, language: str) -> str:
    return str(babel_time(shown, "short", locale=locale_of(language)))


@lru_cache(maxsize=1024)
def format_long_day(
    value: date, language: str, today: date | None = None, *, weekday: bool = True
) -> str:
    """A date in words, with its weekday unless told not to; without its year when it is ours."""
    is_of_this_year = today is not None and value.year == today.year
    if weekday:
        # A skeleton would shorten the weekday in some languages; the full form never does.
        full = str(babel_date(value, "full", locale=locale_of(language)))
        return _without_year(full, value.year) if is_of_this_year else full
    if is_of_this_year:
        return str(format_skeleton("MMMMd", value, locale=locale_of(language)))
    return str(babel_date(value, "long", locale=locale_of(language)))


def _without_year(text: str, year: int) -> str:
    """A full date less its year and the word or mark that binds it."""
    return re.sub(rf"(?:,? de |,? |^){year}(?:年)?", "", text)


def format_short_moment(value: datetime, language: str, today: date | None = None) -> str:
    """A day and the time on it."""
    joined = locale_of(language).datetime_formats["short"]
    day, clock = format_day(value.date(), language, today), format_clock(value, language)
    return str(joined).format(clock, day)


def format_length(value: timedelta) -> str:
    """A duration as people read it: `26 min`, `1 h 5 min`, `40 s`."""
    sign, hours, minutes, seconds = _clockwork(value)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    told = " ".join(f"{number}\N{NO-BREAK SPACE}{unit}" for number, unit in parts if number)
    return f"{sign}{told or '0\N{NO-BREAK SPACE}min'}"


def format_duration(value: timedelta) -> str:
    """A duration as it is typed and kept in files: `1:05` (hours and minutes) or `1:05:30`."""
    sign, hours, minutes, rest = _clockwork(value)
    return f"{sign}{hours}:{minutes:02}" + (f":{rest:02}" if rest else "")


def _clockwork(value: timedelta) -> tuple[str, int, int, int]:
    """Sign, hours, minutes and seconds."""
    length = int(value.total_seconds())
    minutes, seconds = divmod(abs(length), 60)
    return ("-" if length < 0 else "", *divmod(minutes, 60), seconds)

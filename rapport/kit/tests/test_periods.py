from datetime import date

import pytest

from rapport.kit.periods import NotAPeriod, add_months, period

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("word", "start", "end"),
    [
        ("today", date(2026, 11, 22), date(2026, 11, 23)),
        ("Yesterday", date(2026, 11, 21), date(2026, 11, 22)),
        ("past", None, date(2026, 11, 22)),
        ("future", date(2026, 11, 23), None),
        ("this week", date(2026, 11, 16), date(2026, 11, 23)),
        ("last-week", date(2026, 11, 9), date(2026, 11, 16)),
        ("next_month", date(2026, 12, 1), date(2027, 1, 1)),
        ("this_quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("last_quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("next_year", date(2027, 1, 1), date(2028, 1, 1)),
        ("last 30 days", date(2026, 10, 24), date(2026, 11, 23)),
        ("last 1 day", date(2026, 11, 22), date(2026, 11, 23)),
        ("next_2_weeks", date(2026, 11, 22), date(2026, 12, 6)),
        ("last_3_months", date(2026, 8, 23), date(2026, 11, 23)),
    ],
)
def test_periods_from_a_sunday(word: str, start: date | None, end: date | None) -> None:
    found = period(word, SUNDAY)
    assert (found.start, found.end) == (start, end)


def test_a_week_begins_on_the_day_of_the_workspace() -> None:
    assert period("this_week", SUNDAY, first_weekday=7).start == SUNDAY
    assert period("this_week", date(2026, 11, 21), first_weekday=7).start == date(2026, 11, 15)


def test_a_fiscal_year_begins_in_its_month() -> None:
    found = period("this_fiscal_year", date(2026, 3, 31), fiscal_month=4)
    assert (found.start, found.end) == (date(2025, 4, 1), date(2026, 4, 1))
    quarter = period("next_fiscal_quarter", date(2026, 3, 31), fiscal_month=4)
    assert (quarter.start, quarter.end) == (date(2026, 4, 1), date(2026, 7, 1))
    odd = period("this_fiscal_quarter", date(2026, 1, 5), fiscal_month=2)
    assert (odd.start, odd.end) == (date(2025, 11, 1), date(2026, 2, 1))


def test_months_end_where_they_end() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -4) == date(2025, 11, 30)
    assert add_months(date(2026, 10, 15), 2) == date(2026, 12, 15)


@pytest.mark.parametrize("text", ["", "soon", "last_0_days", "last_99999_days", "this_day", "12"])
def test_other_texts_name_none(text: str) -> None:
    with pytest.raises(NotAPeriod):
        period(text, SUNDAY)

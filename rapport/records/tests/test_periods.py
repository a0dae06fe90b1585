"""Days and moments asked for by a period seen from today, where the reader is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, Rule, compile_condition
from rapport.records.kinds import Context
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def sunday_evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 21, 30, tzinfo=UTC))


def found(
    field: str, period: str, zone: str = "UTC", *, first_weekday: int = 1, fiscal_month: int = 1
) -> list[str]:
    declaration = registry.get("room")
    reader = Context(
        HOUSE,
        timezone=ZoneInfo(zone),
        first_weekday=first_weekday,
        fiscal_month=fiscal_month,
    )
    where = compile_condition(Rule(field, "in", period), declaration, reader)
    rows = access.rows(HOUSE, "room").filter(where)
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.usefixtures("sunday_evening")
def test_days_of_a_period_from_its_first_to_its_last() -> None:
    for name, days in (("today", 0), ("first", -29), ("before", -30), ("ahead", 1)):
        create("room", name=name, built=(TODAY + timedelta(days=days)).isoformat())
    create("room", name="undated")
    assert found("built", "last 30 days") == ["first", "today"]
    assert found("built", "future") == ["ahead"]
    assert found("built", "past") == ["before", "first"]


@pytest.mark.usefixtures("sunday_evening")
def test_a_moment_belongs_to_the_day_it_is_for_the_reader() -> None:
    create("room", name="late", cleaned_at="2026-11-22T23:30:00Z")
    assert found("cleaned_at", "today") == ["late"]
    assert found("cleaned_at", "today", "Europe/Madrid") == []
    assert found("cleaned_at", "tomorrow", "Europe/Madrid") == ["late"]
    assert found("cleaned_at", "today", "Asia/Tokyo") == ["late"]


@pytest.mark.usefixtures("sunday_evening")
def test_weeks_and_fiscal_years_are_those_of_the_workspace() -> None:
    create("room", name="monday", built="2026-11-16")
    create("room", name="april", built="2026-04-01")
    assert found("built", "this_week") == ["monday"]
    assert found("built", "this_week", first_weekday=7) == []
    assert found("built", "this_fiscal_year", fiscal_month=4) == ["april", "monday"]
    assert found("built", "this_fiscal_year", fiscal_month=7) == ["monday"]


@pytest.mark.usefixtures("sunday_evening")
def test_a_word_that_names_no_period_is_refused_in_a_sentence() -> None:
    with pytest.raises(ConditionError, match=r"“soon” is no period\. Write it like today"):
        found("built", "soon")


def test_the_filter_form_asks_for_a_period_and_shows_it_as_a_chip() -> None:
    create("room", name="Blue room", built=timezone.localdate().isoformat())
    web = signed_in(make_user())
    asked = {"_field": "built", "_op": "in", "_value": "", "_period": "last_30_days"}
    answer = web.get("/rooms/filter/", asked)
    assert answer.headers["Location"] == "/rooms/?built.in=last_30_days"
    page = web.get(answer.headers["Location"]).content.decode()
    assert "Blue room" in page
    assert "the last 30 days" in page
    form = web.get("/rooms/filter/?built.in=last_3_weeks&_edit=0").content.decode()
    assert '<option value="last_3_weeks" selected>the last 3 weeks</option>' in form

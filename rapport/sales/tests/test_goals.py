"""Goals: counted by who did it and when, beside what would be usual by now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q
from django.utils import timezone

from rapport.accounts.actions import create_team
from rapport.accounts.hours import staffing
from rapport.accounts.models import Absence, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.kinds import Context
from rapport.records.reading import context_for
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, Statements, create
from rapport.sales.goals.pace import usual_by
from rapport.sales.goals.reached import Days, reached, spans_until
from rapport.sales.goals.shown import goals_shown
from rapport.sales.models import Stage

pytestmark = pytest.mark.django_db
#: A Wednesday.
TODAY = date(2026, 11, 18)


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


def context() -> Context:
    return context_for(HOUSE, currency="EUR")


def at(day: int, hour: int = 12) -> str:
    return datetime(2026, 11, day, hour, tzinfo=UTC).isoformat()


def goal(owner: User, counts: str, target: int, **values: Any) -> UUID:
    usual = {"span": "week", "begins": "2026-10-01"}
    return create("goal", owner=owner.pk, counts=counts, how_many=str(target), **(usual | values))


def test_each_sort_is_counted_in_its_weeks_and_months(ana: User) -> None:
    for counts in ("calls", "meetings", "deals", "amount"):
        goal(ana, counts, 2)
    goal(ana, "calls", 9, span="month")
    for day in (16, 18, 12, 1):
        create("call", owner=ana.pk, at=at(day))
    create("call", at=at(17))
    create("meeting", subject="Held", owner=ana.pk, start=at(17), status="held")
    create("meeting", subject="Ahead", owner=ana.pk, start=at(19))
    won: dict[str, Any] = {
        "stage": str(Stage.objects.filter(state="won").order_by("pipeline__position")[0].pk),
        "closed_at": at(16),
    }
    create("deal", name="Won", owner=ana.pk, amount="700 EUR", **won)
    found = {(one.counts, one.span): one for one in reached(HOUSE, Q(), TODAY, context())}
    assert [int(one) for one in found["calls", "week"].done[-3:]] == [0, 1, 2]
    assert int(found["calls", "month"].done[-1]) == 4
    assert int(found["meetings", "week"].done[-1]) == 1
    assert int(found["deals", "week"].done[-1]) == 1
    assert int(found["amount", "week"].done[-1]) == 700


def test_a_newer_goal_takes_the_place_of_an_older_one_from_its_week_on(ana: User) -> None:
    goal(ana, "calls", 5)
    goal(ana, "calls", 8, begins="2026-11-11")
    (one,) = reached(HOUSE, Q(), TODAY, context())
    assert one.targets[-4:] == [5, 5, 8, 8]
    with pytest.raises(Rejected, match="already"):
        goal(ana, "calls", 9, begins="2026-11-11")
    with pytest.raises(Rejected, match="ends before"):
        goal(ana, "leads", 9, ends="2026-01-01")
    goal(ana, "quotes", 1, ends="2026-11-13")
    assert len(reached(HOUSE, Q(), TODAY, context())) == 1


def test_pace_goes_by_working_days_without_absence(ana: User) -> None:
    week = Days(date(2026, 11, 16), date(2026, 11, 23))
    noon = datetime(2026, 11, 15, 12, tzinfo=UTC)
    assert usual_by(10, ana.pk, week, TODAY, staffing(noon)) == 6
    Absence.objects.create(user=ana, first_day=date(2026, 11, 16), last_day=date(2026, 11, 17))
    away = usual_by(9, ana.pk, week, TODAY, staffing(noon))
    assert away == 3
    Absence.objects.create(user=ana, first_day=date(2026, 11, 16), last_day=date(2026, 11, 29))
    assert usual_by(9, ana.pk, week, TODAY, staffing(noon)) is None


def test_weeks_begin_as_the_firm_wants_it() -> None:
    sunday = context_for(HOUSE, currency="EUR")
    sunday.first_weekday = 7
    assert spans_until(TODAY, sunday)["week"][-1].first == date(2026, 11, 15)


def test_pages_and_programs_tell_the_same_to_whom_they_may(ana: User) -> None:
    team = create_team("North", [ana.pk])
    this = timezone.localdate()
    goal(ana, "calls", 4, begins=str(this - timedelta(days=60)))
    create("call", owner=ana.pk, at=timezone.now().isoformat())
    web = signed_in(ana)
    assert "1 of 4" in " ".join(web.get("/").content.decode().split())
    page = web.get(f"/sales/goals/?of=team:{team.pk}").content.decode()
    assert "Ana Ruiz" in page
    assert "1 of 4" in page
    (told,) = web.get("/api/v1/sales/goals?of=me").json()["data"]
    assert (told["done"], told["target"], told["span"]) == ("1", 4, "week")
    assert web.get("/sales/goals/?of=team:none").status_code == 422
    assert web.get("/api/v1/sales/goals?of=whoever").status_code == 422
    (shown,) = goals_shown(Q(), context_for(principal_of(ana), currency="EUR"))
    listed = web.get(shown.url)
    assert listed.status_code == 200
    assert listed.content.count(b"data-row=") == 1


def test_what_a_role_hides_is_no_goal_to_be_told(ana: User) -> None:
    goal(ana, "amount", 500)
    goal(ana, "calls", 5)
    nobody = registry.Rights(frozenset(), frozenset())
    registry.restrict({"deal": {"amount": nobody}})
    try:
        bo = principal_of(make_user("Bo", "manager"))
        assert [one.counts for one in reached(bo, Q(), TODAY, context())] == ["calls"]
    finally:
        registry.restrict({})


def test_the_page_costs_no_more_for_more_people(ana: User) -> None:
    this = timezone.localdate()
    goal(ana, "calls", 4, begins=str(this - timedelta(days=60)))
    web = signed_in(ana)

    def asked() -> int:
        with Statements() as made:
            web.get("/sales/goals/")
        return len(made.statements)

    asked()
    before = asked()
    for number in range(4):
        goal(make_user(f"User {number}"), "calls", 4, begins=str(this - timedelta(days=60)))
    assert asked() == before

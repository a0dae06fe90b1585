"""New leads go to whoever the rules say, and the lead says why."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from rapport.accounts.actions.working_time import add_absence, keep_hours
from rapport.accounts.hours import staffing
from rapport.accounts.models import Team, User, Workspace
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.contacts.actions import add_rule, route_leads, try_lead
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.leads.following import follow
from rapport.contacts.models import Lead, LeadRule, LeadSettings
from rapport.kit.hours import USUAL
from rapport.records.changes.undo import undo
from rapport.records.models import Notification
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create

#: A Monday.
NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def three(db: None) -> list[User]:
    return [make_user(name, "member") for name in ("Ada", "Bea", "Cid")]


def rule(*users: User, **facts: Any) -> LeadRule:
    keys = [str(user.pk) for user in users]
    return add_rule({"name": "Rule", "users": keys, **facts})


def new(number: int = 1, **values: Any) -> list[UUID]:
    return [create("lead", person=str(create("person", name="Max")), **values)
            for _number in range(number)]  # fmt: skip


def owners(ids: list[UUID]) -> list[str]:
    found = dict(Lead.objects.filter(pk__in=ids).values_list("pk", "owner__name"))
    return [found[key] for key in ids]


def steps(lead: UUID) -> list[Any]:
    routing = Lead.objects.get(pk=lead).routing
    return [] if routing is None else [(one["rule"], one["did"]) for one in routing["steps"]]


@pytest.mark.django_db
def test_leads_are_given_in_turn_and_the_first_rule_that_fits_decides(three: list[User]) -> None:
    ada, bea, cid = three
    hot = {"field": "rating", "op": "is", "value": "hot"}
    rule(cid, name="Hot ones", condition=hot)
    rule(ada, bea, name="All others")
    cold, warm = new(3, rating="cold"), new(rating="hot")
    route_new_leads([*cold, *warm], NINE)
    assert owners(cold) == ["Ada", "Bea", "Ada"]
    assert owners(warm) == ["Cid"]
    assert steps(cold[0]) == [("Hot ones", "other"), ("All others", "took")]
    assert Notification.objects.get(user=bea).url == f"/leads/{cold[1]}/"
    assert Notification.objects.get(user=ada).text == "2 new leads for you"


@pytest.mark.django_db
def test_who_is_away_full_or_not_at_work_is_passed_over(three: list[User]) -> None:
    ada, bea, cid = three
    rule(ada, bea, cid, most=1)
    add_absence(ada, date(2026, 11, 23), date(2026, 11, 24))
    keep_hours(bea, {1: [(13 * 60, 17 * 60)]})
    first, second, third = new(3)
    route_new_leads([first], NINE)
    assert owners([first]) == ["Cid"]
    told = Lead.objects.get(pk=first).routing["steps"][0]["passed"]
    assert [tuple(one) for one in told] == [("Ada", "away"), ("Bea", "home")]
    # Nobody else is left but Bea: better later than by nobody.
    route_new_leads([second, third], NINE)
    assert owners([second, third]) == ["Bea", None]
    assert steps(third) == [("Rule", "nobody")]


@pytest.mark.django_db
def test_on_a_public_holiday_nobody_works_and_the_clock_stands(three: list[User]) -> None:
    Workspace.objects.update(country="ES")
    LeadSettings.objects.create(minutes=60)
    ada, *_others = three
    rule(ada)
    holiday = datetime(2026, 12, 8, 12, 0, tzinfo=UTC)
    (lead,) = new()
    Lead.objects.filter(pk=lead).update(created_at=holiday)
    route_new_leads([lead], holiday)
    assert owners([lead]) == ["Ada"]
    assert [Lead.objects.get(pk=lead).answer_by.day, staffing(holiday).firm.is_open(holiday)] == [
        9, False,
    ]  # fmt: skip
    keep_hours(None, USUAL, keeps_holidays=False)
    assert staffing(holiday).firm.is_open(holiday)


@pytest.mark.django_db
def test_a_deputy_stands_in_and_at_night_all_take_their_turn(three: list[User]) -> None:
    ada, bea, cid = three
    rule(ada, bea)
    add_absence(ada, date(2026, 11, 1), date(2026, 11, 30), cid)
    leads = new(4)
    route_new_leads(leads, NIGHT)
    assert owners(leads) == ["Cid", "Bea", "Cid", "Bea"]
    assert Lead.objects.get(pk=leads[0]).routing["steps"][0]["for"] == "Ada"


@pytest.mark.django_db
def test_the_least_busy_of_a_team_and_a_table_by_the_country_of_the_person(
    three: list[User],
) -> None:
    ada, bea, cid = three
    team = Team.objects.create(name="Inside sales")
    team.memberships.create(user=ada)
    team.memberships.create(user=bea)
    new(2, owner=str(ada.pk), status="working")
    add_rule({"name": "Peru", "way": "table", "field": "person.country",
              "table": {"PE": str(cid.pk)}})  # fmt: skip
    add_rule({"name": "Team", "way": "least", "team": team})
    far = create("lead", person=str(create("person", name="Eva", country="PE")))
    near = new(2)
    route_new_leads([far, *near], NINE)
    assert owners([far, *near]) == ["Cid", "Bea", "Bea"]


@pytest.mark.django_db
def test_a_lead_that_was_given_to_somebody_stays_his_and_is_routed_again_on_demand(
    three: list[User],
) -> None:
    ada, bea, _cid = three
    rule(bea)
    (given,) = new(owner=str(ada.pk))
    route_new_leads([given], NINE)
    assert (owners([given]), steps(given)) == (["Ada"], [])
    assert try_lead(given).owner == bea.pk
    assert owners([given]) == ["Ada"]
    made = route_leads(principal_of(make_user()), [given], {})
    assert owners([given]) == ["Bea"]
    undo(principal_of(make_user("Otto")), made, via="test")
    assert (owners([given]), steps(given)) == (["Ada"], [])


@pytest.mark.django_db
def test_whoever_takes_back_what_brought_a_lead_takes_its_routing_back_too(
    three: list[User],
) -> None:
    rule(*three)
    person = create("person", name="Max")
    with change(HOUSE, via="web") as made:
        lead = made.create("lead", {"person": person})
    route_new_leads([lead], NINE, part_of=made.id)
    undo(principal_of(make_user("Otto")), made.id, via="test")
    assert Lead.objects.get(pk=lead).deleted_at is not None


@pytest.mark.django_db
def test_a_rule_that_can_give_to_nobody_is_refused() -> None:
    with pytest.raises(Rejected, match="at least one colleague"):
        add_rule({"name": "Nobody"})


@pytest.mark.django_db
def test_a_thousand_leads_take_as_many_statements_as_two(
    three: list[User], django_assert_max_num_queries: Any
) -> None:
    rule(*three)
    people = [create("person", name="Max")] * 300
    with change(HOUSE, via="import") as made:
        ids = made.create_many("lead", [{"person": key} for key in people])
    with django_assert_max_num_queries(45):
        route_new_leads(ids, NINE)
    assert Counter(owners(ids)) == {"Ada": 100, "Bea": 100, "Cid": 100}


@pytest.mark.django_db(transaction=True)
def test_leads_that_come_at_once_keep_the_turn_and_each_is_followed_once() -> None:
    follow()
    three = [make_user(name, "member") for name in ("Ada", "Bea", "Cid")]
    rule(*three)
    start = threading.Barrier(2)

    def work() -> None:
        try:
            start.wait(10)
            for _number in range(6):
                new()
                follow()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    until = timezone.now() + timedelta(seconds=20)
    while Lead.objects.filter(routing__isnull=True).exists() and timezone.now() < until:
        follow()
    given = Counter(Lead.objects.values_list("owner__name", flat=True))
    assert given == {"Ada": 4, "Bea": 4, "Cid": 4}

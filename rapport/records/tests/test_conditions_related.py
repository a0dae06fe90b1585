"""Conditions over relations: one hop or several, some or none, counted and added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts.principals import ALL_GRANTED, Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json, matches, to_json
from rapport.records.reading import context_for
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Two companies with people and deals, and one with nothing."""

    acme: UUID
    bolt: UUID
    calm: UUID
    ana: UUID
    bob: UUID
    big: UUID
    small: UUID
    names: Mapping[UUID, str]


@pytest.fixture
def world() -> World:
    now = timezone.now()
    pipeline = create("pipeline", label={"en": "Sales"})
    stages = {
        state: create("stage", pipeline=str(pipeline), label={"en": label}, state=state)
        for state, label in (("open", "Proposal"), ("won", "Won"), ("lost", "Lost"))
    }
    acme = create("company", name="Acme", country="ES", employees="50")
    bolt = create("company", name="Bolt", country="DE", employees="5")
    calm = create("company", name="Calm")
    ana = create("person", name="Ana Ruiz", company=str(acme), emails="ana@acme.example")
    bob = create("person", name="Bob Roe", company=str(bolt))
    big = make_deal("Big", acme, stages["open"], "20000 EUR", [ana])
    small = make_deal("Small", bolt, stages["open"], "500 EUR", [bob])
    done = make_deal("Done", bolt, stages["won"], "9000 EUR", [ana])
    lately, long_ago = now - timedelta(days=2), now - timedelta(days=40)
    for subject, at, about in (("Old", long_ago, acme), ("New", lately, bolt)):
        create("call", subject=subject, at=at.isoformat(), about=f"company:{about}", direction="in")
    named = {"Acme": acme, "Bolt": bolt, "Calm": calm, "Ana": ana, "Bob": bob, "Big": big}
    named |= {"Small": small, "Done": done}
    return World(acme, bolt, calm, ana, bob, big, small, {key: name for name, key in named.items()})


def make_deal(name: str, company: UUID, stage: UUID, amount: str, people: list[UUID]) -> UUID:
    said = [{"person": str(one), "role": "champion" if one == people[0] else ""} for one in people]
    return create(
        "deal", name=name, company=str(company), stage=str(stage), amount=amount, people=said
    )


def found(world: World, name: str, condition: Mapping[str, Any], by: Principal = HOUSE) -> set[str]:
    """Names of the records that meet the condition, by either way to ask."""
    tree = from_json(condition)
    assert from_json(to_json(tree)) == tree
    context, declaration = context_for(by), registry.get(name)
    rows = access.rows(by, name).filter(ask(tree, declaration, context).where)
    keys = set(rows.values_list("pk", flat=True))
    assert matches(tree, declaration, list(world.names), context) == keys
    return {world.names[key] for key in keys}


OPEN_OVER_10000 = {
    "all": [
        {"field": "state", "op": "is", "value": "open"},
        {"field": "amount", "op": "gt", "value": 10000},
    ]
}
QUIET = {"related": "activities", "has": "none", "where": {
    "field": "at", "op": "in", "value": "last_14_days"}}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"related": "deals", "where": OPEN_OVER_10000}, {"Acme"}),
        ({"all": [{"related": "deals", "where": OPEN_OVER_10000}, QUIET]}, {"Acme"}),
        (QUIET, {"Acme", "Calm"}),
        ({"related": "deals", "has": "none"}, {"Calm"}),
        ({"related": "deals", "has": "any"}, {"Acme", "Bolt"}),
        ({"none": [{"related": "deals"}, {"field": "name", "value": "Calm"}]}, set()),
        ({"any": [{"related": "people"}, {"field": "name", "value": "Calm"}]},
         {"Acme", "Bolt", "Calm"}),
        ({"related": "people", "where": {"field": "name", "op": "starts", "value": "ana"}},
         {"Acme"}),
        ({"related": "people.deals", "where": {"field": "name", "value": "Done"}}, {"Acme"}),
        ({"related": "people", "where": {"related": "deals", "has": "none", "where": {
            "field": "state", "value": "won"}}}, {"Bolt"}),
        ({"field": "deals.amount", "op": "lt", "value": 1000}, {"Bolt"}),
        ({"field": "people.emails", "op": "filled"}, {"Acme"}),
    ],
)  # fmt: skip
def test_companies_by_what_is_related(
    world: World, condition: Mapping[str, Any], names: set[str]
) -> None:
    assert found(world, "company", condition) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"measure": "count", "op": "gt", "value": 1}, {"Bolt"}),
        ({"measure": "count", "op": "is", "value": 0}, {"Calm"}),
        ({"measure": "count", "op": "lt", "value": 2}, {"Acme", "Calm"}),
        ({"measure": "count", "op": "not", "value": 1}, {"Bolt", "Calm"}),
        ({"measure": "count", "where": {"field": "state", "value": "open"}, "op": "is",
          "value": 1}, {"Acme", "Bolt"}),
        ({"measure": "sum", "of": "amount", "op": "gte", "value": 9500}, {"Acme", "Bolt"}),
        ({"measure": "sum", "of": "amount", "op": "lt", "value": 9500}, {"Calm"}),
        ({"measure": "sum", "of": "amount", "op": "gt", "value": "9500 EUR"}, {"Acme"}),
        ({"measure": "average", "of": "amount", "op": "is", "value": 4750}, {"Bolt"}),
        ({"measure": "min", "of": "amount", "op": "lt", "value": 1000}, {"Bolt"}),
        ({"measure": "max", "of": "amount", "op": "lt", "value": 10000}, {"Bolt"}),
        ({"measure": "max", "of": "amount", "op": "not", "value": 9000}, {"Acme", "Calm"}),
        ({"measure": "max", "of": "amount", "op": "empty"}, {"Calm"}),
        ({"measure": "latest", "of": "created_at", "op": "filled"}, {"Acme", "Bolt"}),
        ({"measure": "latest", "of": "created_at", "op": "in", "value": "today"},
         {"Acme", "Bolt"}),
    ],
)  # fmt: skip
def test_companies_by_measures_of_their_deals(
    world: World, condition: Mapping[str, Any], names: set[str]
) -> None:
    assert found(world, "company", {"related": "deals", **condition}) == names


def test_the_latest_activity_is_the_last_thing_that_happened(world: World) -> None:
    latest = {"related": "activities", "measure": "latest", "op": "lt", "value": "last_14_days"}
    assert found(world, "company", latest) == {"Acme"}
    assert found(world, "company", latest | {"op": "gte"}) == {"Bolt"}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"field": "company.country", "value": "ES"}, {"Ana"}),
        ({"field": "company.country", "op": "not", "value": "ES"}, {"Bob"}),
        ({"field": "company.employees", "op": "gt", "value": 10}, {"Ana"}),
        ({"related": "company", "where": {"field": "employees", "op": "lt", "value": 10}}, {"Bob"}),
        ({"field": "company", "op": "named", "value": "ácme"}, {"Ana"}),
        ({"field": "company", "op": "named", "value": ["acme", "BOLT"]}, {"Ana", "Bob"}),
        ({"related": "deals", "where": {"field": "amount", "op": "gt", "value": 10000}}, {"Ana"}),
        ({"related": "deals", "where": {"all": [
            {"field": "role", "value": "champion"}, {"field": "state", "value": "won"}]}}, {"Ana"}),
        ({"related": "deals", "where": {"any": [
            {"field": "role", "value": "user"}, {"field": "state", "value": "won"}]}}, {"Ana"}),
        ({"related": "deals", "measure": "count", "op": "is", "value": 2}, {"Ana"}),
        ({"related": "deals", "measure": "sum", "of": "amount", "op": "gt", "value": 28000},
         {"Ana"}),
        ({"related": "company.deals", "where": {"field": "state", "value": "won"}}, {"Bob"}),
        ({"related": "company.deals", "measure": "count", "op": "gte", "value": 2}, {"Bob"}),
    ],
)  # fmt: skip
def test_people_by_their_company_and_their_deals(
    world: World, condition: Mapping[str, Any], names: set[str]
) -> None:
    assert found(world, "person", condition) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"field": "stage", "op": "named", "value": "won"}, {"Done"}),
        ({"field": "stage", "op": "named", "value": "open"}, {"Big", "Small"}),
        ({"field": "stage.state", "value": "won"}, {"Done"}),
        ({"field": "company.owner", "op": "empty"}, {"Big", "Small", "Done"}),
        ({"field": "people", "op": "named", "value": "Bob Roe"}, {"Small"}),
        ({"related": "people", "where": {"field": "company.name", "value": "Acme"}},
         {"Big", "Done"}),
    ],
)  # fmt: skip
def test_deals_by_the_names_of_what_they_point_at(
    world: World, condition: Mapping[str, Any], names: set[str]
) -> None:
    assert found(world, "deal", condition) == names


def test_what_is_in_the_trash_does_not_count(world: World) -> None:
    with change(HOUSE, via="test") as made:
        made.trash("deal", [world.big])
        made.trash("company", [world.bolt])
    assert found(world, "company", {"related": "deals"}) == set()
    zero = {"related": "deals", "measure": "count", "op": "is", "value": 0}
    assert found(world, "company", zero) == {"Acme", "Calm"}
    assert found(world, "person", {"field": "company.country", "op": "filled"}) == {"Ana"}


def test_somebody_counts_only_what_he_may_see(world: World) -> None:
    user = make_user()
    grants = {"*": ALL_GRANTED, "deal": Grant(view=Scope.OWN)}
    narrow = Principal("staff", user.pk, grants=grants)
    assert found(world, "company", {"related": "deals"}, narrow) == set()
    with change(HOUSE, via="test") as made:
        made.update("deal", world.small, {"owner": user.pk})
    assert found(world, "company", {"related": "deals"}, narrow) == {"Bolt"}
    one = {"related": "deals", "measure": "count", "op": "is", "value": 1}
    assert found(world, "company", one, narrow) == {"Bolt"}
    assert found(world, "person", {"related": "deals"}, narrow) == {"Bob"}


@pytest.mark.parametrize(
    "condition",
    [
        {"related": "deals"},
        {"related": "deals", "measure": "count", "op": "gt", "value": 0},
        {"field": "deals.amount", "op": "gt", "value": 0},
    ],
)
def test_an_object_one_may_not_see_is_answered_like_one_that_is_not_there(
    world: World, condition: dict[str, Any]
) -> None:
    blind = Principal("staff", grants={"*": ALL_GRANTED, "deal": Grant()})
    answers = set()
    for name in ("deals", "nothing"):
        asked = {
            key: value.replace("deals", name) if isinstance(value, str) else value
            for key, value in condition.items()
        }
        with pytest.raises(ConditionError) as refused:
            found(world, "company", asked, blind)
        answers.add(str(refused.value).replace(name, "…"))
    assert len(answers) == 1


def test_amounts_of_several_currencies_are_reckoned_in_one_or_looked_at_alone(
    world: World,
) -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    stage = create("stage", pipeline=str(create("pipeline", label="US")), label="A", state="open")
    dollars = make_deal("Dollars", world.calm, stage, "15000 USD", [world.bob])
    yen = make_deal("Yen", world.calm, stage, "900000 JPY", [world.bob])
    world = replace(world, names={**world.names, dollars: "Dollars", yen: "Yen"})

    def deals(op: str, value: str) -> set[str]:
        return found(world, "deal", {"field": "amount", "op": op, "value": value})

    assert deals("gt", "7000") == {"Big", "Done", "Dollars"}
    assert deals("gt", "8000") == {"Big", "Done"}
    assert deals("gt", "8000 USD") == {"Dollars"}
    assert deals("lt", "1000000") == {"Big", "Small", "Done", "Dollars"}
    assert deals("is", "15000") == {"Dollars"}
    assert deals("is", "15000 EUR") == set()
    assert deals("not", "15000 USD") == {"Big", "Small", "Done", "Yen"}
    sums = {"related": "deals", "measure": "sum", "of": "amount", "op": "gt"}
    assert found(world, "company", sums | {"value": "7000"}) == {"Acme", "Bolt", "Calm"}
    assert found(world, "company", sums | {"value": "8000"}) == {"Acme", "Bolt"}
    assert found(world, "company", sums | {"value": "8000 USD"}) == {"Calm"}
    assert found(world, "person", sums | {"value": "8000 USD"}) == {"Bob"}
    assert found(world, "person", sums | {"value": "7900"}) == {"Ana", "Bob"}
    revenue = {"related": "parts", "measure": "sum", "of": "annual_revenue", "op": "gt"}
    assert found(world, "company", revenue | {"value": "1 EUR"}) == set()
    create("company", name="Part", parent=str(world.acme), annual_revenue="10 USD")
    assert found(world, "company", revenue | {"value": "4"}) == {"Acme"}
    assert found(world, "company", revenue | {"value": "5"}) == set()
    prices = {"related": "rooms", "measure": "sum", "of": "price", "op": "gt"}
    assert found(world, "room", prices | {"value": "1 EUR"}) == set()
    with pytest.raises(ConditionError, match="several currencies"):
        found(world, "room", prices | {"value": "1"})

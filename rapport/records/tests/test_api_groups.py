"""Groups with counts and sums, and records given along, under the rights of whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Grant
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Program:
    for seats, shape, built, stars in (
        (4, "round", "2026-01-05", 1),
        (6, "round", "2026-01-20", 3),
        (9, "square", "2026-02-01", 5),
        (1, "", "", 2),
    ):
        create("room", name=f"Room {seats}", seats=seats, shape=shape, built=built, stars=stars)
    return program()


def groups(asks: Program, **query: str) -> Any:
    answer = asks.get("/rooms/aggregate", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def test_records_are_counted_and_summed_by_a_field(owner: Program) -> None:
    assert groups(owner, by="shape", measure="count,sum:seats,avg:stars") == [
        {"shape": "round", "count": 2, "sum:seats": 10, "avg:stars": 2.0},
        {"shape": "square", "count": 1, "sum:seats": 9, "avg:stars": 5.0},
        {"shape": None, "count": 1, "sum:seats": 1, "avg:stars": 2.0},
    ]


def test_groups_by_several_fields_and_by_periods(owner: Program) -> None:
    assert groups(owner, by="built:month,shape", measure="max:seats,min:built") == [
        {"built:month": "2026-01-01", "shape": "round", "max:seats": 6, "min:built": "2026-01-05"},
        {"built:month": "2026-02-01", "shape": "square", "max:seats": 9, "min:built": "2026-02-01"},
        {"built:month": None, "shape": None, "max:seats": 1, "min:built": None},
    ]


def test_all_as_one_and_none_at_all(owner: Program) -> None:
    assert groups(owner) == [{"count": 4}]
    assert groups(owner, measure="sum:seats", **{"seats.gt": "100"}) == [{"sum:seats": None}]
    assert groups(owner, where="seats>100", by="shape") == []


def test_the_conditions_of_a_list_hold(owner: Program) -> None:
    assert groups(owner, by="shape", where="shape:round") == [{"shape": "round", "count": 2}]
    assert groups(owner, q="Room 9") == [{"count": 1}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"by": "secret"}, "by"),
        ({"by": "name:month"}, "by"),
        ({"by": "built:century"}, "by"),
        ({"by": "a,b,c,d"}, "by"),
        ({"by": "seats) FROM accounts_user; --"}, "by"),
        ({"measure": "sum:name"}, "measure"),
        ({"measure": "median:seats"}, "measure"),
        ({"measure": "sum:secret"}, "measure"),
        ({"measure": "pg_sleep:seats"}, "measure"),
        ({"sort": "name"}, "sort"),
    ],
)
def test_what_is_no_field_or_function_is_refused_cve_2026_46624(
    owner: Program, query: dict[str, str], field: str
) -> None:
    answer = owner.get("/rooms/aggregate", query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_hidden_field_is_neither_grouped_nor_summed(
    owner: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.get("room").fields["seats"], "readers", frozenset({"manager"}))
    member = program("member")
    hidden = member.get("/rooms/aggregate", {"measure": "sum:seats"}).json()
    unknown = member.get("/rooms/aggregate", {"measure": "sum:nothing"}).json()
    assert hidden["detail"].replace("seats", "nothing") == unknown["detail"]
    assert member.get("/rooms/aggregate", {"by": "seats"}).status_code == 422
    assert groups(owner, measure="sum:seats") == [{"sum:seats": 20}]


def test_records_that_are_not_seen_are_not_counted(owner: Program) -> None:
    narrow = Program(owner.user, scopes={"person": ["view"]})
    assert narrow.get("/rooms/aggregate").status_code == 403


def test_amounts_come_in_the_currency_of_the_workspace() -> None:
    asks = program()
    create("deal", name="One", amount={"amount": "100.50", "currency": "EUR"})
    create("deal", name="Two", amount={"amount": "10.00", "currency": "EUR"})
    answer = asks.get("/deals/aggregate", {"by": "stage", "measure": "count,sum:amount"})
    (row,) = answer.json()["data"]
    assert (row["count"], row["sum:amount"]) == (2, {"amount": "110.50", "currency": "EUR"})
    stage = asks.get("/deals", {"stage": row["stage"]}).json()
    assert stage["total"]["value"] == 2


def test_records_pointed_at_come_along() -> None:
    asks = program()
    company = create("company", name="Berg AG")
    create("person", last_name="Berg", company=str(company))
    create("person", last_name="Vik", company=str(company))
    answer = asks.get("/people", {"include": "company,owner"}).json()
    assert set(answer["included"]["company"]) == {str(company)}
    assert answer["included"]["company"][str(company)]["name"] == "Berg AG"
    assert "included" not in asks.get("/people").json()


def test_records_that_are_not_seen_do_not_come_along() -> None:
    owner = program()
    company = create("company", name="Berg AG")
    create("person", last_name="Berg", company=str(company))
    narrow = Program(owner.user, scopes={"person": ["view"]})
    answer = narrow.get("/people", {"include": "company"})
    assert answer.status_code in (200, 422)
    assert "Berg AG" not in answer.content.decode()


def test_ways_lead_on_over_several_records() -> None:
    asks = program()
    mother = create("company", name="Berg Holding")
    companies = [
        create("company", name=f"Firm {number}", parent=str(mother)) for number in range(2)
    ]
    people = [create("person", last_name="Berg", company=str(one)) for one in companies]
    with change(HOUSE, via="test") as made:
        made.update("company", mother, {"owner": asks.user.pk})
    create("deal", name="Big", company=str(companies[0]))
    answer = asks.get("/people", {"include": "company.parent.owner,owner"}).json()
    assert {one["id"] for one in answer["data"]} == {str(key) for key in people}
    keys = {str(key) for key in (*companies, mother)}
    assert set(answer["included"]["company"]) == keys
    assert answer["included"]["user"] == {
        str(asks.user.pk): {"id": str(asks.user.pk), "name": asks.user.name}
    }
    two = asks.get("/deals", {"include": "company.parent,stage"}).json()["included"]
    assert set(two["company"]) == {str(companies[0]), str(mother)}
    assert set(two) == {"company", "stage"}


def test_each_hop_shows_only_what_is_seen_there() -> None:
    asks = Program(make_user("Mia Member", "member"))
    mother = create("company", name="Berg Holding")
    child = create("company", name="Firm", parent=str(mother))
    create("person", last_name="Berg", company=str(child))
    with change(HOUSE, via="test") as made:
        made.update("company", child, {"owner": asks.user.pk})
    Grant.objects.update_or_create(
        role=asks.user.role, object_name="company", defaults={"view_scope": "own"}
    )
    answer = asks.get("/people", {"include": "company.parent"})
    assert set(answer.json()["included"]["company"]) == {str(child)}
    assert "Holding" not in answer.content.decode()
    change_field_levels(asks.user.role, "company", {"parent": "hidden"})
    hidden = asks.get("/people", {"include": "company.parent"})
    unknown = asks.get("/people", {"include": "company.nothing"})
    assert hidden.status_code == unknown.status_code == 422
    said = [one.json()["errors"][0]["message"] for one in (hidden, unknown)]
    assert said[0].replace("parent", "nothing") == said[1]


@pytest.mark.parametrize(
    "include",
    [
        "last_name",
        "nothing",
        "company.name",
        "company.",
        ".company",
        "owner.name",
        "tags.owner.x",
        "company.parent.parent.parent",
    ],
)
def test_only_what_points_at_records_is_included(include: str) -> None:
    answer = program().get("/people", {"include": include})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "include"


def test_more_records_cost_no_more_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    asks = Program(make_user())
    for number in range(4):
        company = create("company", name=f"Firm {number}")
        create("person", last_name=f"P{number}", company=str(company))
    asks.get("/people", {"include": "company"})
    with django_assert_max_num_queries(9):
        asks.get("/people", {"include": "company"})
    asks.get("/people", {"include": "company.parent.owner"})
    mother = create("company", name="Mother")
    companies = registry.get("company").model._default_manager
    with change(HOUSE, via="test") as made:
        for key in companies.exclude(pk=mother).values_list("pk", flat=True):
            made.update("company", key, {"parent": mother})
    with django_assert_max_num_queries(12):
        asks.get("/people", {"include": "company.parent.owner"})

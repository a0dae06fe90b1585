"""Roles through the API: grants, rules and field levels, for programs of owners."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.actions import create_role
from rapport.accounts.models import Role, SecurityEvent, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.testing import create, make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
OSLO = {"field": "city", "op": "is", "value": "Oslo"}


@pytest.fixture
def asks() -> Program:
    return program()


@pytest.fixture
def field_sales(asks: Program) -> str:
    made = asks.post("/roles", {"name": "Field sales", "like": "member"})
    assert made.status_code == 201, made.content
    assert made["Location"] == "/api/v1/roles/field_sales"
    return "/roles/field_sales"


def test_grants_rules_and_fields_decide_what_holders_reach(asks: Program, field_sales: str) -> None:
    change = {
        "grants": {"person": {"view": "rule", "edit": "none"}},
        "rules": {"person": {"view": OSLO}},
        "fields": {"person": {"birthday": "hidden", "website": "read"}},
    }
    changed = asks.patch(field_sales, change)
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert told["grants"]["person"]["view"] == "rule"
    assert told["grants"]["person"]["create"] == told["grants"]["*"]["create"]
    assert told["rules"]["person"]["view"]
    assert told["fields"] == {"person": {"birthday": "hidden", "website": "read"}}
    mia = principal_of(make_user("Mia Member", "field_sales"))
    oslo = create("person", last_name="Berg", city="Oslo")
    create("person", last_name="Vik", city="Bergen")
    assert set(access.rows(mia, "person").values_list("pk", flat=True)) == {oslo}
    assert SecurityEvent.objects.filter(kind="grants_changed", actor=asks.user).exists()


def test_what_is_not_named_stays(asks: Program, field_sales: str) -> None:
    asks.patch(
        field_sales, {"grants": {"person": {"view": "rule"}}, "rules": {"person": {"view": OSLO}}}
    )
    asks.patch(field_sales, {"fields": {"person": {"birthday": "hidden"}}})
    asks.patch(field_sales, {"fields": {"person": {"website": "read"}}})
    told = asks.patch(field_sales, {"grants": {"person": {"delete": "own"}}}).json()
    assert told["grants"]["person"]["view"] == "rule"
    assert (
        told["rules"]["person"]["view"] == asks.get(field_sales).json()["rules"]["person"]["view"]
    )
    assert told["fields"]["person"] == {"birthday": "hidden", "website": "read"}
    told = asks.patch(field_sales, {"fields": {"person": {"birthday": "edit"}}}).json()
    assert told["fields"]["person"] == {"website": "read"}
    told = asks.patch(field_sales, {"grants": {"person": None}}).json()
    assert "person" not in told["grants"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grants", {"nothing": {"view": "all"}}), ("grants", {"person": {"fly": "all"}}),
        ("grants", {"person": {"view": "everywhere"}}), ("grants", {"*": {"view": "rule"}}),
        ("grants", {"*": None}), ("grants", {"person": {"create": "rule"}}),
        ("grants", {"person": {"view": "follow"}}), ("grants", []),
        ("rules", {"person": {"view": OSLO}}), ("rules", {"nothing": {"view": OSLO}}),
        ("rules", {"person": {"view": {"field": "no", "op": "is", "value": "x"}}}),
        ("fields", {"person": {"nothing": "hidden"}}), ("fields", {"nothing": {"city": "read"}}),
        ("fields", {"person": {"city": "secret"}}), ("fields", {"person": {"id": "hidden"}}),
        ("name", ""), ("name", "x" * 41), ("key", "owner"), ("is_builtin", True),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_at_its_field(
    asks: Program, field_sales: str, field: str, value: Any
) -> None:
    before = asks.get(field_sales).json()
    refused = asks.patch(field_sales, {field: value})
    assert refused.status_code == 422, refused.content
    assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert asks.get(field_sales).json() == before


def test_the_owners_role_and_those_that_somebody_holds_stay(asks: Program) -> None:
    before = asks.get("/roles/owner").json()
    for change in (
        {"grants": {"*": {"view": "none"}}}, {"fields": {"person": {"city": "hidden"}}},
    ):  # fmt: skip
        assert asks.patch("/roles/owner", change).status_code == 409
    assert asks.get("/roles/owner").json() == before
    assert asks.delete("/roles/member").status_code == 409
    create_role("Held", "en", Role.objects.get(key="member"))
    held = make_user("Mia Member", "held")
    assert asks.delete("/roles/held").status_code == 409
    User.objects.filter(pk=held.pk).update(role=Role.objects.get(key="member"))
    assert asks.delete("/roles/held").status_code == 204
    assert asks.get("/roles/held").status_code == 404
    taken = asks.post("/roles", {"name": "Member", "like": "member"})
    assert taken.status_code == 409


def test_a_rule_is_asked_of_records_at_once(asks: Program, field_sales: str) -> None:
    mia = Program(make_user("Mia Member", "field_sales"))
    make_sample("person", 1)
    assert mia.get("/people").json()["data"]
    asks.patch(field_sales, {"grants": {"person": {"view": "none"}}})
    assert mia.get("/people").status_code == 403

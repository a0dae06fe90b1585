"""Rules of roles: a condition says which records an action reaches, on every surface."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from rapport.accounts import actions
from rapport.accounts.models import Grant, Role, User
from rapport.accounts.principals import Principal, Scope, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.search.finding import find
from rapport.records.store import Missing, change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db

MADRID = {"field": "city", "op": "is", "value": "Madrid"}
MINE = {"field": "owner", "op": "is", "value": "me"}
WITH_BUYER = {
    "related": "people", "has": "any",
    "where": {"field": "job_title", "op": "is", "value": "Buyer"},
}  # fmt: skip


def holding(user: User, name: str, scopes: dict[str, str], rules: dict[str, Any]) -> Principal:
    """The user in a role that reaches so far on one object, and nothing else."""
    role = actions.create_role(f"Role {Role.objects.count()}", "en", Role.objects.get(key="member"))
    nothing = dict.fromkeys(("view", "edit", "delete", "export", "bulk", "merge"), "none")
    actions.change_grants(role, {"*": nothing, name: nothing | scopes}, rules={name: rules})
    actions.change_role(user, role.key)
    return principal_of(User.objects.get(pk=user.pk))


def reached(principal: Principal, name: str, action: str = "view") -> set[UUID]:
    return set(access.rows(principal, name, action).values_list("pk", flat=True))


@pytest.fixture
def mia() -> User:
    return make_user("Mia Member", "member")


def test_a_rule_reaches_what_meets_it_and_no_more_on_each_surface(mia: User) -> None:
    here, there = create("company", name="Sol", city="Madrid"), create("company", name="Mar")
    view = {"view": "rule", "edit": "rule"}
    held = holding(mia, "company", view, {"view": MADRID, "edit": MADRID})
    assert reached(held, "company") == reached(held, "company", "edit") == {here}
    assert reached(held, "company", "delete") == set()
    browser, program = signed_in(mia), Program(mia, may_write=True)
    page = browser.get("/companies/").content.decode()
    assert ("Sol" in page, "Mar" in page) == (True, False)
    assert browser.get(f"/companies/{here}/edit/").status_code == 200
    assert browser.get(f"/companies/{there}/").status_code == 404
    assert [one["id"] for one in program.get("/companies").json()["data"]] == [str(here)]
    assert program.get(f"/companies/{there}").status_code == 404
    assert [hit.id for hit in find(held, "Sol")] == [here]
    assert find(held, "Mar") == []
    with pytest.raises(Missing), change(held, via="test") as made:
        made.update("company", there, {"name": "Changed"})


def test_a_rule_adds_to_what_another_role_reaches(mia: User) -> None:
    here, mine = (
        create("company", name="Sol", city="Madrid"),
        create("company", name="Mar", owner=str(mia.pk)),
    )
    create("company", name="Far")
    holding(mia, "company", {"view": "rule"}, {"view": MADRID})
    second = actions.create_role("Own", "en", Role.objects.get(key="read_only"))
    actions.change_grants(second, {"*": {"view": "own"}})
    actions.set_further_roles(User.objects.get(pk=mia.pk), [second.key])
    held = principal_of(User.objects.get(pk=mia.pk))
    assert held.grant("company").view == Scope.OWN
    assert reached(held, "company") == {here, mine}


def test_me_is_whoever_holds_the_role_and_related_records_count(mia: User) -> None:
    mine, sold = create("company", name="A", owner=str(mia.pk)), create("company", name="B")
    create("person", name="Bea Buyer", job_title="Buyer", company=str(sold))
    rule = {"any": [MINE, WITH_BUYER]}
    held = holding(mia, "company", {"view": "rule"}, {"view": rule})
    assert reached(held, "company") == {mine, sold}
    other = make_user("Otto Other", held.role)
    assert reached(principal_of(User.objects.get(pk=other.pk)), "company") == {sold}


def test_a_rule_that_leads_back_to_its_own_object_ends(mia: User) -> None:
    company = create("company", name="A")
    one, two = (create("person", name=n, company=str(company)) for n in ("Ann A", "Bob B"))
    create("person", name="Cid C")
    back = {"related": "company.people", "has": "any", "where": {**MADRID, "field": "name",
            "op": "is", "value": "Ann A"}}  # fmt: skip
    assert reached(holding(mia, "person", {"view": "rule"}, {"view": back}), "person") == {one, two}


@pytest.mark.parametrize(
    "broken",
    [None, {"field": "gone", "op": "is", "value": "x"}, {"field": "city"}, {"nonsense": 1}, "x"],
)
def test_a_rule_that_can_not_be_asked_reaches_nothing(mia: User, broken: Any) -> None:
    create("company", name="Sol", city="Madrid")
    held = holding(mia, "company", {"view": "rule"}, {"view": broken} if broken else {})
    assert reached(held, "company") == set()
    assert signed_in(mia).get("/companies/").status_code == 200


def test_a_rule_is_no_query_per_record(mia: User, django_assert_max_num_queries: Any) -> None:
    held = holding(mia, "company", {"view": "rule", "edit": "rule"}, {"view": MADRID, "edit": MINE})
    assert held.rules["company"].keys() == {"view", "edit"}
    browser = signed_in(mia)

    def statements() -> int:
        browser.get("/companies/")
        with django_assert_max_num_queries(30) as counted:
            browser.get("/companies/")
        return len(counted)

    create("company", name="Sol", city="Madrid")
    few = statements()
    for number in range(10):
        create("company", name=f"Sol {number}", city="Madrid")
    assert statements() == few


def test_what_a_rule_does_not_reach_is_not_undone(mia: User) -> None:
    here = create("company", name="Sol", city="Madrid")
    with change(HOUSE, via="test") as made:
        made.update("company", here, {"city": ""})
    scopes = dict.fromkeys(("view", "edit", "delete"), "rule")
    held = holding(mia, "company", scopes, dict.fromkeys(scopes, MADRID))
    with pytest.raises(access.Denied):
        undo(held, made.id, via="test")


def test_rules_are_only_where_a_record_can_meet_them() -> None:
    role = Role.objects.get(key="member")
    for name, action in (("*", "view"), ("company", "create"), ("company", "import")):
        with pytest.raises(ValueError, match="No rule"):
            actions.change_grants(role, {name: {action: "rule"}})
    assert not Grant.objects.filter(role=role, object_name="company").exists()


def test_an_index_serves_a_rule_on_an_indexed_field(mia: User) -> None:
    held = holding(mia, "company", {"view": "rule"}, {"view": MINE})
    text, values = access.rows(held, "company").values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {text}", values)
        assert "Index" in "\n".join(line for (line,) in cursor.fetchall())

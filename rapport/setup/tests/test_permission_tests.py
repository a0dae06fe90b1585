"""The screens of permission tests, and the warning before a change of rights breaks one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts import actions
from rapport.accounts.models import Role, Team, User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import PermissionTest
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import Program
from rapport.setup.tests.test_roles import sheet

pytestmark = pytest.mark.django_db
TESTS = "/setup/permission-tests/"


@pytest.fixture
def owner() -> Client:
    return signed_in(make_user("Ida Brandt"))


@pytest.fixture
def teams(owner: Client) -> tuple[Team, Team]:
    """North reaches its own companies only; South has one."""
    member = Role.objects.get(key="member")
    actions.change_grants(member, {"company": {"view": "team"}})
    ana, bo = make_user("Ana Lima", "member"), make_user("Bo Vik", "member")
    made = create("company", name="Sol")
    with change(HOUSE, via="test") as giving:
        giving.update("company", made, {"owner": bo.pk})
    return actions.create_team("North", [ana.pk]), actions.create_team("South", [bo.pk])


def asked(teams: tuple[Team, Team]) -> dict[str, Any]:
    north, south = teams
    return {
        "who": f"team:{north.pk}", "must": "must_not", "action": "view", "field": "",
        "which": f"team:{south.pk}", "condition": "",
    }  # fmt: skip


def test_a_test_is_made_shown_asked_and_deleted(owner: Client, teams: tuple[Team, Team]) -> None:
    assert owner.get(f"{TESTS}new/?object=company")["Location"] == f"{TESTS}new/company/"
    assert owner.get(f"{TESTS}new/company/").status_code == 200
    assert owner.post(f"{TESTS}new/company/", asked(teams)).status_code == 302
    page = owner.get(TESTS).content.decode()
    assert "A member of the team North must not see Companies of the team South." in page
    assert "Holds" in page
    actions.change_grants(Role.objects.get(key="member"), {"company": {"view": "all"}})
    owner.post(f"{TESTS}run/")
    page = owner.get(TESTS).content.decode()
    assert "1 test does not hold." in page
    assert "The role “Member” reaches all Companies." in page
    test = PermissionTest.objects.get()
    assert f"/companies/{test.example_record}/access/?user={test.example_user_id}" in page
    owner.post(f"{TESTS}{test.pk}/delete/")
    assert "No test yet" in owner.get(TESTS).content.decode()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    owner: Client, teams: tuple[Team, Team]
) -> None:
    sent = asked(teams) | {"which": "condition", "condition": "cty:Oslo"}
    answer = owner.post(f"{TESTS}new/company/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="cty:Oslo"' in page
    assert 'id="pt-condition-n"' in page
    assert not PermissionTest.objects.exists()


def test_a_role_that_would_break_a_test_is_not_saved_before_one_goes_on(
    owner: Client, teams: tuple[Team, Team]
) -> None:
    owner.post(f"{TESTS}new/company/", asked(teams))
    sent = sheet("member") | {"company.view": "all"}
    answer = owner.post("/setup/roles/member/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "A member of the team North must not see Companies of the team South." in page
    cells = {cell.name: cell.scope for row in answer.context["rows"] for cell in row.cells}
    assert cells["company.view"] == "all"
    member = Role.objects.get(key="member")
    assert member.grants.get(object_name="company").view_scope == "team"
    assert owner.post("/setup/roles/member/", sent | {"go_on": "1"}).status_code == 302
    assert member.grants.get(object_name="company").view_scope == "all"


def test_teams_and_people_are_tried_too(owner: Client, teams: tuple[Team, Team]) -> None:
    owner.post(f"{TESTS}new/company/", asked(teams))
    north, south = teams
    ana = User.objects.get(name="Ana Lima")
    everyone = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    sent = {"name": "South", "members": everyone}
    assert owner.post(f"/setup/teams/{south.pk}/", sent).status_code == 422
    assert south.members.count() == 1
    placed = {"role": "member", "teams": [str(north.pk), str(south.pk)]}
    assert owner.post(f"/setup/users/{ana.pk}/", placed).status_code == 422
    assert owner.post(f"/setup/users/{ana.pk}/", placed | {"go_on": "1"}).status_code == 302
    assert ana.teams.count() == 2


def test_levels_of_fields_are_tried_too(owner: Client, teams: tuple[Team, Team]) -> None:
    ana = User.objects.get(name="Ana Lima")
    must = {"who": f"user:{ana.pk}", "must": "must", "field": "website", "which": f"user:{ana.pk}"}
    mine = create("company", name="Mar")
    with change(HOUSE, via="test") as giving:
        giving.update("company", mine, {"owner": ana.pk})
    owner.post(f"{TESTS}new/company/", asked(teams) | must)
    assert PermissionTest.objects.get().state == "passes"
    address, hide = "/setup/roles/member/company/", {"website": "hidden"}
    answer = owner.post(address, hide)
    assert answer.status_code == 422
    assert "Ana Lima must see the field" in answer.content.decode()
    levels = {row["name"]: row["level"] for row in answer.context["rows"]}
    assert levels["website"] == "hidden"
    assert owner.post(address, hide | {"go_on": "1"}).status_code == 302


def test_programs_of_administrators_keep_ask_and_delete_them(teams: tuple[Team, Team]) -> None:
    north, south = teams
    owner = User.objects.get(name="Ida Brandt")
    program = Program(owner, may_write=True)
    wish: dict[str, Any] = {
        "who": "team", "who_id": str(north.pk), "is_must": False, "action": "view",
        "object": "company", "which": "team", "which_id": str(south.pk),
    }  # fmt: skip
    made = program.post("/permission-tests", wish)
    assert (made.status_code, made.json()["state"], made.json()["people"]) == (201, "passes", 1)
    actions.change_grants(Role.objects.get(key="member"), {"company": {"view": "all"}})
    (found,) = program.post("/permission-tests/run").json()["data"]
    assert found["state"] == "fails"
    assert found["example"]["record"]
    assert program.get("/permission-tests").json()["data"] == [found]
    condition: dict[str, Any] = {"which": "condition", "which_id": None}
    wrongs: list[dict[str, Any]] = [
        {"is_must": "no"}, {"planet": 1}, {"who_id": "x"}, {"who": ["team"]}, {"object": None},
        {"field": {"a": 1}}, {"which_id": "\0"}, {"which": 5}, condition,
        *(condition | {"condition": one} for one in ([1], {"field": 1}, "\0", "city:", 7)),
    ]  # fmt: skip
    for wrong in wrongs:
        assert program.post("/permission-tests", wish | wrong).status_code == 422
    ana = Program(User.objects.get(name="Ana Lima"), may_write=True)
    assert ana.get("/permission-tests").status_code == 403
    assert ana.post("/permission-tests/run").status_code == 403
    assert ana.delete(f"/permission-tests/{found['id']}").status_code == 403
    assert program.delete(f"/permission-tests/{found['id']}").status_code == 204
    assert program.delete(f"/permission-tests/{found['id']}").status_code == 404

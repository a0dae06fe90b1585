"""Statements on rights: asked by SQL, asked again when rights change, and before they do."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, Team, User
from rapport.accounts.testing import make_user
from rapport.records import access
from rapport.records.explaining.tests.test_explaining import asking, company, role
from rapport.records.models import Notification, PermissionTest
from rapport.records.permission_tests.keeping import create_test, delete_test
from rapport.records.permission_tests.running import ask_again, broken_by, run_tests
from rapport.records.permission_tests.words import statement
from rapport.records.reading import context_for
from rapport.records.sharing.holders import Holder
from rapport.records.sharing.verbs import share
from rapport.records.store import change
from rapport.records.store.errors import Missing, Rejected

pytestmark = pytest.mark.django_db
FAILS, PASSES = PermissionTest.State.FAILS, PermissionTest.State.PASSES


@pytest.fixture
def owner() -> User:
    return make_user("Ida Brandt")


@pytest.fixture
def north(owner: User) -> Team:
    """A team of one, whose role reaches what is the team's."""
    ana = make_user("Ana Lima", role({"view": "team", "edit": "own"}))
    return actions.create_team("North", [ana.pk])


@pytest.fixture
def south(owner: User) -> Team:
    """Another team, with a company."""
    bo = make_user("Bo Vik", "member")
    company(bo)
    return actions.create_team("South", [bo.pk])


def kept(by: User, **given: Any) -> PermissionTest:
    principal = asking(by)
    usual = {"is_must": False, "action": "view", "object": "company", "which": "all"}
    return create_test(principal, usual | given, context_for(principal))


def apart(owner: User, north: Team, south: Team) -> PermissionTest:
    """North must not see what is South's."""
    return kept(owner, who="team", who_id=north.pk, which="team", which_id=south.pk)


def ana() -> User:
    return User.objects.get(name="Ana Lima")


def again(test: PermissionTest) -> PermissionTest:
    ask_again()
    return PermissionTest.objects.get(pk=test.pk)


def test_one_that_holds_fails_when_teams_change_and_names_an_example(
    owner: User, north: Team, south: Team
) -> None:
    test = apart(owner, north, south)
    assert statement(test) == (
        "A member of the team North must not see Companies of the team South."
    )
    assert (test.state, test.people) == (PASSES, 1)
    actions.set_members(south, [ana().pk, *south.members.values_list("pk", flat=True)])
    found = again(test)
    assert (found.state, found.example_user) == (FAILS, ana())
    assert access.rows(asking(ana()), "company").filter(pk=found.example_record).exists()
    told = Notification.objects.get(user=owner, kind="rights")
    assert "North must not see" in told.text
    ask_again()
    assert Notification.objects.filter(kind="rights").count() == 1


def test_a_share_and_a_manager_count_too(owner: User, north: Team, south: Team) -> None:
    test = apart(owner, north, south)
    record = access.rows(asking(owner), "company").get().pk
    with change(asking(owner), via="test") as made:
        share(made, "company", record, Holder("user", ana().pk, "Ana Lima"), "view")
    assert again(test).state == FAILS


def test_what_must_be_fails_where_one_record_is_out_of_reach(owner: User, north: Team) -> None:
    company(ana())
    test = kept(owner, who="user", who_id=ana().pk, is_must=True)
    assert test.state == PASSES
    record = company(owner)
    assert (again(test).example_record, again(test).state) == (record, FAILS)
    assert statement(test) == "Ana Lima must see Companies."


def test_fields_are_asked_by_the_levels_that_stand_in_the_database(
    owner: User, north: Team
) -> None:
    company(ana(), city="Oslo")
    place = {"who": "user", "who_id": ana().pk, "field": "city"}
    must, never = kept(owner, is_must=True, **place), kept(owner, **place)
    assert (must.state, never.state) == (PASSES, FAILS)
    # No process has been told yet: the registry still knows the field as open.
    change_field_levels(ana().role, "company", {"city": "hidden"})
    run_tests()
    assert [PermissionTest.objects.get(pk=one.pk).state for one in (must, never)] == [FAILS, PASSES]


def test_a_condition_chooses_the_records(owner: User, north: Team) -> None:
    company(ana(), city="Madrid")
    place = {"who": "role", "who_id": ana().role_id, "which": "condition"}
    assert kept(owner, condition="city:Madrid", **place).state == FAILS
    assert kept(owner, condition="city:Oslo", **place).state == PASSES
    with pytest.raises(Rejected) as refusal:
        kept(owner, condition="cty:Oslo", **place)
    assert "condition" in refusal.value.fields


def test_a_role_that_nobody_holds_is_asked_as_if_somebody_did(owner: User, north: Team) -> None:
    record = company()
    idle = Role.objects.get(key=role({"view": "own"}))
    test = kept(owner, who="role", who_id=idle.pk)
    assert (test.state, test.people) == (PASSES, 0)
    wider = {"company": {"view": "all"}}
    assert broken_by(lambda: actions.change_grants(idle, wider)) == [test]
    actions.change_grants(idle, wider)
    found = again(test)
    assert (found.state, found.example_user, found.example_record) == (FAILS, None, record)


def test_a_change_is_tried_and_taken_back(owner: User, north: Team, south: Team) -> None:
    test = apart(owner, north, south)
    role_of_ana = ana().role
    wider = {"company": {"view": "all"}}
    broken = broken_by(lambda: actions.change_grants(role_of_ana, wider))
    assert broken == [test]
    assert role_of_ana.grants.get(object_name="company").view_scope == "team"
    assert PermissionTest.objects.get().state == PASSES
    assert broken_by(lambda: actions.change_grants(role_of_ana, {"company": {"view": "own"}})) == []
    with pytest.raises(ValidationError):
        broken_by(lambda: actions.create_team("North"))


def test_levels_of_fields_are_tried_too(owner: User, north: Team) -> None:
    company(ana(), city="Oslo")
    test = kept(owner, who="user", who_id=ana().pk, is_must=True, field="city")
    hide = {"city": "hidden"}
    assert broken_by(lambda: change_field_levels(ana().role, "company", hide)) == [test]
    assert not Role.objects.filter(field_levels__field="city").exists()


def test_one_about_what_is_gone_says_that_it_cannot_be_asked(
    owner: User, north: Team, south: Team
) -> None:
    test = apart(owner, north, south)
    actions.delete_team(south)
    assert again(test).state == PermissionTest.State.BROKEN
    delete_test(asking(owner), test.pk)
    with pytest.raises(Missing):
        delete_test(asking(owner), test.pk)


def test_only_administrators_keep_them_and_only_of_what_they_read(owner: User, north: Team) -> None:
    with pytest.raises(access.Denied):
        kept(ana(), who="user", who_id=owner.pk)
    for wrong in ({"who": "planet"}, {"who_id": "x"}, {"object": "salary"}, {"action": "fly"},
                  {"field": "nothing"}, {"which": "team"}):  # fmt: skip
        with pytest.raises(Rejected):
            kept(owner, **({"who": "user", "who_id": owner.pk} | wrong))
    assert not PermissionTest.objects.exists()

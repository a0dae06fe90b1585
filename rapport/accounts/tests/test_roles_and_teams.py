"""Several roles of one person, teams within teams, and who reports to whom."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.identity import account_facts
from rapport.accounts.models import OneTimeLink, Role, Team, User
from rapport.accounts.principals import Principal, Scope, principal_of
from rapport.accounts.testing import make_user

pytestmark = pytest.mark.django_db


def asking(user: User) -> Principal:
    """The principal of a user as the next request builds it."""
    return principal_of(User.objects.get(pk=user.pk))


def role(name: str, **scopes: dict[str, str]) -> str:
    made = actions.create_role(name, "en", Role.objects.get(key="read_only"))
    nothing = dict.fromkeys(("view", "edit"), "none")
    actions.change_grants(made, {"*": nothing, **scopes})
    return made.key


def test_of_several_roles_the_widest_scope_of_each_action_holds() -> None:
    seller = role("Seller", deal={"view": "team", "edit": "own"})
    buyer = role("Buyer", deal={"view": "own", "edit": "below"}, company={"view": "all"})
    user = make_user("Ana Lima", seller)
    actions.set_further_roles(user, [buyer])
    held = asking(user)
    assert (held.grant("deal").view, held.grant("deal").edit) == (Scope.TEAM, Scope.BELOW)
    assert (held.grant("company").view, held.grant("person").view) == (Scope.ALL, Scope.NONE)
    assert held.roles == (seller, buyer)


def test_what_one_role_grants_on_everything_else_counts_for_what_the_other_names() -> None:
    narrow = role("Narrow", deal={"view": "own"})
    user = make_user("Ana Lima", narrow)
    actions.set_further_roles(user, ["read_only"])
    assert asking(user).grant("deal").view == Scope.ALL


def test_a_rank_is_only_given_by_the_main_role() -> None:
    user = make_user("Ana Lima", "member")
    for rank in ("owner", "manager"):
        with pytest.raises(actions.Refused):
            actions.set_further_roles(user, [rank])
    member = actions.Actor(make_user("Mia Member", "member"))
    with pytest.raises(PermissionDenied):
        actions.set_further_roles(user, ["read_only"], member)
    assert asking(user).roles == ("member",)


@pytest.fixture
def narrow_manager() -> actions.Actor:
    """A manager who sees his own deals alone, and no birthday."""

    actions.change_grants(Role.objects.get(key="manager"), {"deal": {"view": "own"}})
    change_field_levels(Role.objects.get(key="manager"), "person", {"birthday": "hidden"})
    return actions.Actor(make_user("Max Manager", "manager"))


def test_nobody_hands_out_a_role_that_may_more_than_his(narrow_manager: actions.Actor) -> None:
    wide, user = Role.objects.get(key="member"), make_user("Ana Lima", role("Nothing"))
    own = User.objects.get(role__key="manager")
    for give in (
        lambda: actions.create_user("n@x.example", "Nia", None, "member", narrow_manager),
        lambda: actions.change_role(user, "member", narrow_manager),
        lambda: actions.set_further_roles(user, ["member"], narrow_manager),
        lambda: actions.set_further_roles(own, ["member"], narrow_manager),
    ):
        with pytest.raises(PermissionDenied):
            give()
    actions.change_grants(wide, {"deal": {"view": "rule"}}, rules={"deal": {"view": {"all": []}}})
    with pytest.raises(PermissionDenied):
        actions.change_role(user, "member", narrow_manager)
    actions.change_grants(wide, {"deal": {"view": "own"}})
    with pytest.raises(PermissionDenied):
        actions.change_role(user, "member", narrow_manager)
    change_field_levels(wide, "person", {"birthday": "read"})
    with pytest.raises(PermissionDenied):
        actions.change_role(user, "member", narrow_manager)
    change_field_levels(wide, "person", {"birthday": "hidden"})
    actions.change_role(user, "member", narrow_manager)
    assert asking(user).role == "member"


def test_nobody_comes_in_as_somebody_who_may_more_than_he(narrow_manager: actions.Actor) -> None:
    wide = make_user("Wim Wide", "member")
    with pytest.raises(PermissionDenied):
        actions.issue_link(wide, OneTimeLink.Purpose.RESET, narrow_manager)
    besides = make_user("Bob Besides", role("Nothing"))
    actions.issue_link(besides, OneTimeLink.Purpose.RESET, narrow_manager)
    actions.set_further_roles(besides, ["member"])
    with pytest.raises(PermissionDenied):
        actions.issue_link(besides, OneTimeLink.Purpose.RESET, narrow_manager)


def test_a_role_that_somebody_holds_besides_stays() -> None:
    key = role("Seller")
    actions.set_further_roles(make_user("Ana Lima", "member"), [key])
    with pytest.raises(actions.Refused):
        actions.delete_role(Role.objects.get(key=key))


def test_below_are_teams_within_ones_own_and_whoever_reports_to_one() -> None:
    names = ("lead", "mate", "north", "city", "south", "report", "deputy")
    users = {name: make_user(f"{name.title()} One", "member") for name in names}
    keys = {name: user.pk for name, user in users.items()}
    lead_role = Role.objects.get(key="member")
    actions.change_grants(lead_role, {"person": {"view": "below"}})
    sales = actions.create_team("Sales", [keys["lead"], keys["mate"]])
    north = actions.create_team("North", [keys["north"]], parent=sales)
    actions.create_team("City", [keys["city"]], parent=north)
    actions.create_team("South", [keys["south"]])
    actions.set_manager(users["report"], users["lead"])
    actions.set_manager(users["deputy"], users["report"])
    lead, mate, city = (asking(users[name]) for name in ("lead", "mate", "city"))
    below = {"lead", "mate", "north", "city", "report", "deputy"}
    assert set(lead.below_user_ids) == {keys[name] for name in below}
    assert set(lead.team_user_ids) == {keys["lead"], keys["mate"]}
    assert set(mate.below_user_ids) == {keys[n] for n in below - {"report", "deputy"}}
    assert set(city.below_user_ids) == {keys["city"]}


def test_a_team_is_no_part_of_itself() -> None:
    sales = actions.create_team("Sales")
    north = actions.create_team("North", parent=sales)
    with pytest.raises(ValidationError):
        actions.change_team(sales, "Sales", [], parent=north)
    assert Team.objects.get(name="Sales").parent is None


def test_teams_in_a_circle_all_the_same_end_a_request() -> None:
    user = make_user("Ana Lima", "member")
    actions.change_grants(Role.objects.get(key="member"), {"person": {"view": "below"}})
    sales = actions.create_team("Sales", [user.pk])
    north = actions.create_team("North", parent=sales)
    Team.objects.filter(pk=sales.pk).update(parent=north)
    assert account_facts(User.objects.get(pk=user.pk)).below == (user.pk,)


def test_who_reaches_no_further_than_his_team_is_not_asked_for_those_below(
    django_assert_num_queries: Any,
) -> None:
    user = make_user("Ana Lima", "member")
    actions.create_team("Sales", [user.pk])
    fresh = User.objects.select_related("role").get(pk=user.pk)
    with django_assert_num_queries(1):
        assert principal_of(fresh).below_user_ids == (user.pk,)

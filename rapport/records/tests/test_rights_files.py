"""Roles, teams and permission tests carried from one instance to another as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import FieldLevel, Grant, Role, Team
from rapport.accounts.testing import make_user
from rapport.records.metadata import files
from rapport.records.models import PermissionTest

pytestmark = pytest.mark.django_db
MADRID = {"field": "city", "op": "is", "value": "Madrid"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an instance wrote that has all of it."""
    make_user("Ida Brandt")
    north = actions.create_team("North")
    actions.create_team("Harbour", parent=north)
    role = actions.create_role("Seller", "en", Role.objects.get(key="member"))
    scopes = {"company": {"view": "rule", "edit": "own"}}
    actions.change_grants(role, scopes, rules={"company": {"view": MADRID}})
    change_field_levels(role, "company", {"website": "hidden"})
    PermissionTest.objects.create(
        who="role", who_id=role.pk, is_must=False, action="view", object="deal",
        which="team", which_id=north.pk,
    )  # fmt: skip
    files.write(files.present(), tmp_path)
    return tmp_path


def forget_all() -> None:
    """What another instance has: the roles it began with."""
    PermissionTest.objects.all().delete()
    Team.objects.all().delete()
    Role.objects.filter(is_builtin=False).delete()


def test_all_of_it_arrives_and_then_nothing_differs(folder: Path) -> None:
    before = files.present()
    forget_all()
    there = files.read(folder)
    assert {one.part for one in files.differences(files.present(), there)} == {
        "teams", "roles", "permission_tests",
    }  # fmt: skip
    files.apply(there)
    assert files.present() == before
    assert files.differences(files.present(), there, is_whole=True) == []
    role = Role.objects.get(key="seller")
    grant = role.grants.get(object_name="company")
    assert (grant.view_scope, grant.rules) == ("rule", {"view": MADRID})
    assert FieldLevel.objects.get(role=role).field == "website"
    assert Team.objects.get(name="Harbour").parent == Team.objects.get(name="North")
    assert PermissionTest.objects.get().who_id == role.pk


def test_what_changed_here_is_set_back_and_who_is_in_a_team_stays(folder: Path) -> None:
    ana = make_user("Ana Lima", "seller")
    north = Team.objects.get(name="North")
    actions.set_members(north, [ana.pk])
    role = Role.objects.get(key="seller")
    actions.change_grants(role, {"company": {"view": "all"}, "deal": {"view": "none"}})
    files.apply(files.read(folder))
    assert role.grants.get(object_name="company").view_scope == "rule"
    assert not role.grants.filter(object_name="deal").exists()
    assert list(north.members.all()) == [ana]


def test_more_than_the_files_have_goes_only_if_asked_and_if_nobody_holds_it(folder: Path) -> None:
    there = files.read(folder)
    actions.create_role("Buyer", "en", Role.objects.get(key="member"))
    actions.create_team("South")
    files.apply(there)
    assert Role.objects.filter(key="buyer").exists()
    make_user("Bo Vik", "buyer")
    with pytest.raises(files.Unusable):
        files.apply(there, is_whole=True)
    assert Team.objects.filter(name="South").exists()
    actions.change_role(Role.objects.get(key="buyer").users.get(), "member")
    files.apply(there, is_whole=True)
    assert not Role.objects.filter(key="buyer").exists()
    assert not Team.objects.filter(name="South").exists()


def test_a_folder_of_an_earlier_release_takes_no_roles_away(folder: Path) -> None:
    (folder / files.MARK).write_text(json.dumps({"format": 1}))
    there = files.read(folder)
    assert set(there) == set(files.FIRST_PARTS)
    files.apply(there, is_whole=True)
    assert Role.objects.filter(key="seller").exists()
    assert Team.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"grants": {"planet": {"view": "all"}}},
        {"grants": {"company": {"view": "sideways"}}},
        {"grants": {"company": {"view": "rule", "rules": {"view": {"field": "cty", "op": "is"}}}}},
        {"grants": {"*": {"view": "rule"}}},
        {"levels": {"company": {"nothing": "hidden"}}},
        {"levels": {"company": {"name": "hidden"}}},
        {"levels": {"company": {"website": "shut"}}},
        {"grants": []},
        {"key": "owner"},
    ],
)
def test_what_can_not_be_here_is_refused_and_nothing_is_changed(
    wrong: dict[str, object], folder: Path
) -> None:
    (path,) = (folder / "roles").glob("seller.json")
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(facts | wrong))
    before = list(Grant.objects.order_by("pk").values())
    with pytest.raises(files.Unusable):
        files.apply(files.read(folder))
    assert list(Grant.objects.order_by("pk").values()) == before

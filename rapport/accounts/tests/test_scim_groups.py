"""A directory's groups are teams, and some of them give roles."""

from typing import Any

import pytest

from rapport.accounts import actions
from rapport.accounts.models import Team
from rapport.accounts.testing import make_user
from rapport.accounts.tests.directory import Directory, a_user, open_door, user_of

pytestmark = pytest.mark.django_db

type Resource = dict[str, Any]


@pytest.fixture
def directory() -> Directory:
    return open_door(group_roles=[["Heads", "manager"], ["Guests", "read_only"]])


@pytest.fixture
def people(directory: Directory) -> list[Resource]:
    return [directory.make("Users", **a_user(name)) for name in ("ana", "bo", "cy")]


def members_of(group: Resource) -> set[str]:
    return {
        str(key) for key in Team.objects.get(pk=group["id"]).members.values_list("pk", flat=True)
    }


def values(*people: Resource) -> list[Resource]:
    return [{"value": one["id"]} for one in people]


def test_a_group_is_a_team(directory: Directory, people: list[Resource]) -> None:
    ana, bo, _cy = people
    made = directory.make("Groups", displayName="Sales", externalId="g-1", members=values(ana, bo))
    team = Team.objects.get(pk=made["id"])
    assert team.name == "Sales"
    assert members_of(made) == {ana["id"], bo["id"]}
    assert (
        directory.find("Users", f'groups eq "{team.pk}" and userName sw "a"')[0]["id"] == ana["id"]
    )


def test_members_come_and_go_as_entra_and_okta_say(
    directory: Directory, people: list[Resource]
) -> None:
    ana, bo, cy = people
    made = directory.make("Groups", displayName="Sales", members=values(ana))
    path = f"Groups/{made['id']}"
    directory.patch(path, {"op": "Add", "path": "members", "value": values(bo, cy)})
    assert members_of(made) == {ana["id"], bo["id"], cy["id"]}
    directory.patch(path, {"op": "Remove", "path": "members", "value": values(bo)})
    assert members_of(made) == {ana["id"], cy["id"]}
    directory.patch(path, {"op": "remove", "path": f'members[value eq "{cy["id"]}"]'})
    assert members_of(made) == {ana["id"]}
    renamed = {"op": "replace", "value": {"id": made["id"], "displayName": "Sales team"}}
    assert directory.patch(path, renamed).json()["displayName"] == "Sales team"
    directory.patch(path, {"op": "replace", "path": "members", "value": values(bo)})
    assert members_of(made) == {bo["id"]}
    directory.patch(path, {"op": "remove", "path": "members"})
    assert members_of(made) == set()


def test_the_place_of_a_team_and_its_programs_stay(
    directory: Directory, people: list[Resource]
) -> None:
    above = actions.create_team("All")
    robot = actions.create_service("Web form")
    team = actions.create_team("Sales", [robot.pk], parent=above)
    body = {"displayName": "Sales", "members": values(people[0])}
    answer = directory.ask("PUT", f"Groups/{team.pk}", body)
    assert [one["value"] for one in answer.json()["members"]] == [people[0]["id"]]
    team.refresh_from_db()
    assert team.parent == above
    assert team.members.filter(pk=robot.pk).exists()


def test_the_first_group_that_fits_gives_the_role(
    directory: Directory, people: list[Resource]
) -> None:
    ana = people[0]
    guests = directory.make("Groups", displayName="Guests", members=values(ana))
    assert user_of(ana).role.key == "read_only"
    heads = directory.make("Groups", displayName="Heads", members=values(ana))
    assert user_of(ana).role.key == "manager"
    directory.ask("DELETE", f"Groups/{heads['id']}")
    assert user_of(ana).role.key == "read_only"
    directory.patch(f"Groups/{guests['id']}", {"op": "remove", "path": "members"})
    assert user_of(ana).role.key == "member"


def test_a_group_that_gets_a_mapped_name_gives_the_role(
    directory: Directory, people: list[Resource]
) -> None:
    made = directory.make("Groups", displayName="Sales", members=values(people[0]))
    actions.change_role(user_of(people[1]), "read_only")
    directory.patch(
        f"Groups/{made['id']}", {"op": "replace", "path": "displayName", "value": "Heads"}
    )
    assert user_of(people[0]).role.key == "manager"
    assert user_of(people[1]).role.key == "read_only"


def test_who_was_put_there_by_hand_gets_no_role(
    directory: Directory, people: list[Resource]
) -> None:
    """Else a manager could hand out a role that reaches further than his own."""
    ana, bo, cy = people
    made = directory.make("Groups", displayName="Heads", members=values(ana))
    actions.set_members(Team.objects.get(pk=made["id"]), [ana["id"], bo["id"]])
    directory.patch(f"Groups/{made['id']}", {"op": "add", "path": "members", "value": values(cy)})
    assert [user_of(one).role.key for one in people] == ["manager", "member", "manager"]


def test_once_the_directory_says_so_too_he_does(
    directory: Directory, people: list[Resource]
) -> None:
    bo = people[1]
    made = directory.make("Groups", displayName="Heads")
    actions.set_members(Team.objects.get(pk=made["id"]), [bo["id"]])
    directory.patch(f"Groups/{made['id']}", {"op": "add", "path": "members", "value": values(bo)})
    assert user_of(bo).role.key == "manager"


def test_names_are_taken_once_and_strangers_are_no_members(
    directory: Directory, people: list[Resource]
) -> None:
    directory.make("Groups", displayName="Sales")
    again = directory.ask("POST", "Groups", {"displayName": "Sales"})
    assert (again.status_code, again.json()["scimType"]) == (409, "uniqueness")
    for stranger in ("x", "0190a0b0-0000-7000-8000-000000000000"):
        body = {"displayName": "Others", "members": [{"value": stranger}]}
        assert directory.ask("POST", "Groups", body).status_code == 400
    assert not Team.objects.filter(name="Others").exists()


def test_lists_leave_members_out_on_request(directory: Directory, people: list[Resource]) -> None:
    directory.make("Groups", displayName="Sales", members=values(people[0]))
    (found,) = directory.find("Groups", 'displayName eq "sales"', excludedAttributes="members")
    assert "members" not in found
    (found,) = directory.find("Groups", f'members eq "{people[0]["id"]}"', attributes="displayName")
    assert set(found) == {"schemas", "id", "displayName"}


def test_owners_stay_where_they_are(directory: Directory, people: list[Resource]) -> None:
    owner = make_user("Olga Owner", "owner")
    team = actions.create_team("Heads", [owner.pk])
    directory.patch(f"Groups/{team.pk}", {"op": "remove", "path": "members"})
    assert team.members.filter(pk=owner.pk).exists()
    made = directory.make("Groups", displayName="Guests", members=[{"value": str(owner.pk)}])
    assert members_of(made) == set()
    owner.refresh_from_db()
    assert owner.role.key == "owner"


def test_when_a_group_changed_is_told(directory: Directory, people: list[Resource]) -> None:
    ana, bo, _cy = people
    made = directory.make("Groups", displayName="Sales", members=values(ana))
    path = f"Groups/{made['id']}"
    seen = [made["meta"]["lastModified"]]
    for ask in (
        lambda: directory.patch(path, {"op": "add", "path": "members", "value": values(bo)}),
        lambda: directory.patch(path, {"op": "remove", "path": "members", "value": values(ana)}),
        lambda: directory.patch(path, {"op": "replace", "value": {"externalId": "g-1"}}),
        lambda: directory.patch(path, {"op": "replace", "value": {"displayName": "North"}}),
        lambda: directory.ask("DELETE", f"Users/{bo['id']}"),
    ):
        assert ask().status_code in (200, 204)
        seen.append(directory.ask("GET", path).json()["meta"]["lastModified"])
    assert seen == sorted(set(seen))
    team = Team.objects.get(pk=made["id"])
    team.save()
    assert directory.ask("GET", path).json()["meta"]["lastModified"] == seen[-1]

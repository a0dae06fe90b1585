import pytest

from rapport.accounts.actions import create_team
from rapport.accounts.models import Team
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.layouts.saving import save_layout
from rapport.records.models import PageLayout

pytestmark = pytest.mark.django_db


def test_team_mates_reach_each_other() -> None:
    owner = make_user()
    luis, ana = make_user("Luis Vega", "member"), make_user("Ana Ruiz", "member")
    signed_in(owner).post("/setup/teams/", {"name": "North", "members": [luis.pk, ana.pk]})
    assert set(principal_of(luis).team_user_ids) == {luis.pk, ana.pk}
    assert principal_of(owner).team_user_ids == (owner.pk,)


def test_a_team_changes_name_and_people() -> None:
    owner = make_user()
    luis = make_user("Luis Vega", "member")
    team = create_team("North", [luis.pk])
    signed_in(owner).post(f"/setup/teams/{team.pk}/", {"name": "South", "members": [owner.pk]})
    team.refresh_from_db()
    assert team.name == "South"
    assert list(team.members.all()) == [owner]


def test_two_teams_of_one_name_are_refused_at_the_field() -> None:
    client = signed_in(make_user())
    create_team("North")
    other = create_team("South")
    for address in ("/setup/teams/", f"/setup/teams/{other.pk}/"):
        answer = client.post(address, {"name": "North"})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"name"}
    assert Team.objects.count() == 2


def test_deleting_a_team_first_says_what_is_lost() -> None:
    owner = make_user()
    client = signed_in(owner)
    team = create_team("North", [owner.pk])
    address = f"/setup/teams/{team.pk}/delete/"
    assert b"1 person loses" in client.get(address).content
    assert Team.objects.exists()
    client.post(address)
    assert not Team.objects.exists()


def test_the_layouts_of_a_team_go_with_it() -> None:
    ida = make_user()
    north, south = (create_team(name, []) for name in ("North", "South"))
    for team in (north, south, None):
        tree = {"sections": [{"label": {"en": "A"}, "fields": [{"name": "name"}]}]}
        save_layout(principal_of(ida), registry.get("person"), team, tree)
    web = signed_in(ida)
    page = web.get(f"/setup/teams/{north.pk}/delete/").content.decode()
    assert "1 layout made for it goes too." in page
    web.post(f"/setup/teams/{north.pk}/delete/")
    left = PageLayout.objects.filter(deleted_at=None)
    assert set(left.values_list("team", flat=True)) == {str(south.pk), ""}


def test_a_team_becomes_part_of_another_but_not_of_itself() -> None:
    owner = signed_in(make_user())
    sales, north = create_team("Sales"), create_team("North")
    place = {"name": "North", "parent": sales.pk}
    owner.post(f"/setup/teams/{north.pk}/", place)
    assert Team.objects.get(name="North").parent == sales
    answer = owner.post(f"/setup/teams/{sales.pk}/", {"name": "Sales", "parent": north.pk})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"parent"}
    assert "Sales" in owner.get("/setup/teams/").content.decode()

import re

import pytest
from django.test import Client

from rapport.accounts.actions import change_grants, create_team
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import ApiToken, Grant, Role, SecurityEvent, Team, User, Workspace
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

LUIS = {"name": "Luis Vega", "email": "luis@nordwind.example", "role": "member"}


def test_an_invited_colleague_comes_in_by_a_link_copied_by_hand() -> None:
    ida = make_user()
    page = signed_in(ida).post("/setup/users/", LUIS)
    assert "no-store" in page["Cache-Control"]
    match = re.search(r"http://testserver(/invite/[\w-]+/)", page.content.decode())
    assert match
    form = {
        "name": "Luis Vega",
        "password": PASSWORD,
        "language": "en",
        "timezone": "Europe/Madrid",
    }
    luis = Client()
    assert luis.post(match[1], form)["Location"] == "/"
    assert luis.get("/account/").status_code == 200
    event = SecurityEvent.objects.get(kind="invited")
    assert (event.actor, event.user) == (ida, User.objects.get(name="Luis Vega"))


def test_where_mail_is_set_up_the_link_is_mailed_and_not_shown() -> None:
    owner = signed_in(make_user())
    Workspace.objects.update(mail_host="mail.example", mail_from="crm@nordwind.example")
    assert owner.post("/setup/users/", LUIS)["Location"] == "/setup/users/"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", "ida.brandt@nordwind.example"), ("email", "not an address"), ("role", "king")],
)
def test_a_faulty_invitation_says_so_at_the_field_and_keeps_the_rest(
    field: str, typed: str
) -> None:
    owner = signed_in(make_user())
    answer = owner.post("/setup/users/", LUIS | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert b'value="Luis Vega"' in answer.content
    assert User.objects.count() == 1


def test_role_manager_and_teams_change_together() -> None:
    owner = make_user()
    member = make_user("Luis Vega", "member")
    team = create_team("North")
    form = {"role": "manager", "manager": owner.pk, "teams": [team.pk]}
    signed_in(owner).post(f"/setup/users/{member.pk}/", form)
    member.refresh_from_db()
    assert (member.role.key, member.manager) == ("manager", owner)
    assert list(member.teams.all()) == [team]
    event = SecurityEvent.objects.get(kind="role_changed")
    assert event.detail == {"before": "member", "after": "manager"}


def test_nobody_reports_to_himself_and_then_nothing_changes() -> None:
    owner = make_user()
    member = make_user("Luis Vega", "member")
    member.manager = owner
    member.save()
    form = {"role": "manager", "manager": member.pk}
    answer = signed_in(owner).post(f"/setup/users/{owner.pk}/", form)
    assert answer.status_code == 422
    owner.refresh_from_db()
    assert owner.role.key == "owner"


def test_the_last_owner_stays_one() -> None:
    owner = make_user()
    client = signed_in(owner)
    answer = client.post(f"/setup/users/{owner.pk}/", {"role": "member", "manager": ""})
    assert answer.status_code == 422
    client.post(f"/setup/users/{owner.pk}/deactivate/")
    owner.refresh_from_db()
    assert (owner.role.key, owner.is_active) == ("owner", True)


def test_a_deactivated_user_is_shut_out_and_let_in_again() -> None:
    owner = signed_in(make_user())
    member = make_user("Luis Vega", "member")
    browser = signed_in(member)
    owner.post(f"/setup/users/{member.pk}/deactivate/")
    assert browser.get("/account/").status_code == 302
    undo = owner.post(f"/setup/users/{member.pk}/reactivate/", headers={"HX-Request": "true"})
    assert undo["HX-Refresh"] == "true"
    assert Client().login(username=member.email, password=PASSWORD)


def test_a_link_for_a_forgotten_password_is_shown_once() -> None:
    owner = signed_in(make_user())
    member = make_user("Luis Vega", "member")
    page = owner.post(f"/setup/users/{member.pk}/link/", {"way": "copy"}).content.decode()
    match = re.search(r"http://testserver(/reset/[\w-]+/)", page)
    assert match
    assert Client().get(match[1]).status_code == 200


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/setup/users/{owner}/", {"role": "member", "manager": ""}),
        ("/setup/users/{owner}/deactivate/", {}),
        ("/setup/users/{owner}/link/", {"way": "copy"}),
        ("/setup/users/{owner}/link/", {"way": "mail"}),
        ("/setup/users/{member}/", {"role": "owner", "manager": ""}),
        ("/setup/users/", {"name": "Eve", "email": "eve@x.example", "role": "owner"}),
        ("/setup/users/{manager}/", {"role": "owner", "manager": ""}),
    ],
)
def test_a_manager_can_not_rise_above_his_rank(address: str, form: dict[str, str]) -> None:
    owner, manager = make_user(), make_user("Ana Ruiz", "manager")
    member = make_user("Luis Vega", "member")
    client = signed_in(manager)
    before = _accounts()
    place = address.format(owner=owner.pk, manager=manager.pk, member=member.pk)
    assert client.post(place, form).status_code == 403
    assert _accounts() == before


PAGES = [
    ("/setup/users/", "owner manager"),
    ("/setup/users/{member}/", "owner manager"),
    ("/setup/users/{member}/deactivate/", "owner manager"),
    ("/setup/users/{member}/reactivate/", "owner manager"),
    ("/setup/users/{member}/link/", "owner manager"),
    ("/setup/teams/", "owner manager"),
    ("/setup/teams/{team}/", "owner manager"),
    ("/setup/teams/{team}/delete/", "owner manager"),
    ("/setup/roles/", "owner"),
    ("/setup/roles/member/", "owner"),
    ("/setup/roles/member/delete/", "owner"),
    ("/setup/workspace/", "owner"),
    ("/setup/mail/", "owner"),
    ("/setup/indexes/", "owner"),
    ("/setup/security/", "owner"),
]


@pytest.mark.parametrize(("address", "roles"), PAGES)
@pytest.mark.parametrize("role", ["manager", "member", "read_only"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refused_request_changes_nothing_cve_2026_41160(
    address: str, roles: str, role: str, method: str
) -> None:
    if role in roles.split():
        return
    make_user()
    member = make_user("Luis Vega", "member")
    team = create_team("North", [member.pk])
    client = signed_in(make_user("Eve Stone", role))
    before = _accounts()
    place = address.format(member=member.pk, team=team.pk)
    assert getattr(client, method)(place).status_code == 403
    assert _accounts() == before


@pytest.mark.parametrize(("role", "count"), [("owner", 25), ("manager", 13), ("member", 2)])
def test_the_list_of_settings_names_what_one_may_open(role: str, count: int) -> None:
    page = signed_in(make_user("Eve Stone", role)).get("/setup/")
    assert page.content.count(b'class="way" href="/setup/') == count


def test_lists_that_no_menu_names_are_found_among_the_settings() -> None:
    boss, eve = make_user(), make_user("Eve Stone", "member")
    Grant.objects.create(role=eve.role, object_name="exchange_rate", view_scope="none")
    page = signed_in(boss).get("/setup/").content.decode()
    assert 'href="/exchange-rates/"' in page
    assert 'href="/tags/"' in page
    assert 'class="way" href="/people/"' not in page
    assert 'href="/exchange-rates/"' not in signed_in(eve).get("/setup/").content.decode()


def _accounts() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (User, Team, ApiToken, SecurityEvent, Workspace)
    ]


def test_further_roles_add_to_the_main_one() -> None:
    owner, ana = make_user(), make_user("Ana Ruiz", "read_only")
    place = f"/setup/users/{ana.pk}/"
    signed_in(owner).post(place, {"role": "read_only", "further": ["member"]})
    held = principal_of(User.objects.get(pk=ana.pk))
    assert (held.roles, held.grant("person").create) == (("read_only", "member"), "all")
    refused = signed_in(owner).post(place, {"role": "read_only", "further": ["owner"]})
    assert refused.status_code == 422
    assert "Member" in signed_in(owner).get("/setup/users/").content.decode()


def test_what_a_user_may_do_is_shown_by_object_with_rules_and_fields() -> None:
    owner, member = signed_in(make_user()), Role.objects.get(key="member")
    ana = make_user("Ana Lima", "member")
    rule = {"field": "city", "op": "is", "value": "Madrid"}
    change_grants(
        member, {"company": {"view": "rule", "edit": "own"}}, rules={"company": {"view": rule}}
    )
    change_field_levels(member, "company", {"website": "hidden"})
    page = owner.get(f"/setup/users/{ana.pk}/access/")
    text = page.content.decode()
    assert "City is Madrid" in text
    assert [str(label) for one in page.context["fields"] for label in one.hidden] == ["Website"]
    (company,) = (one for one, _cells in page.context["rows"] if one.declaration.name == "company")
    assert (company.scopes["view"], company.scopes["edit"]) == ("rule", "own")

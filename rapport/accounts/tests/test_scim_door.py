"""Who comes in by the directory's door, and how far."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import ApiToken, Provisioning, ProvisioningCall, SecurityEvent
from rapport.accounts.scim.actions import (
    change_provisioning,
    create_directory_token,
    revoke_directory_token,
)
from rapport.accounts.scim.calls import KEPT
from rapport.accounts.testing import make_user, signed_in
from rapport.accounts.tests.directory import ROOT, Directory, a_user, open_door, settings, user_of

pytestmark = pytest.mark.django_db

ADDRESSES = ("Users", "Users/1", "Groups", "Schemas", "ServiceProviderConfig", "nowhere", "")


def test_strangers_are_turned_away_before_anything_is_looked_up() -> None:
    open_door()
    for address in ADDRESSES:
        for method in ("get", "post", "patch", "delete"):
            answer = getattr(Client(), method)(ROOT + address)
            assert answer.status_code == 401
            assert answer.headers["Content-Type"] == "application/scim+json"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not ProvisioningCall.objects.exists()


def test_neither_an_owners_browser_nor_his_token_comes_in() -> None:
    open_door()
    owner = make_user()
    assert signed_in(owner).get(ROOT + "Users").status_code == 401
    assert Directory(actions.create_token(owner, "All")).ask("GET", "Users").status_code == 401


def test_the_directorys_token_opens_nothing_else() -> None:
    directory = open_door()
    header = {"Authorization": f"Bearer {directory.secret}"}
    for address in ("/api/v1", "/api/v1/people", "/api/v1/history", "/api/v1/changes"):
        assert Client().get(address, headers=header).status_code == 401
    assert Client().get("/", headers=header).status_code == 302
    assert Client().get("/setup/", headers=header).status_code == 302


def test_a_token_that_ended_opens_nothing() -> None:
    directory = open_door()
    found = settings()
    past = timezone.now() - timedelta(seconds=1)
    ended = Directory(create_directory_token(found, expires_at=past))
    elsewhere = Directory(create_directory_token(found, networks=["203.0.113.0/24"]))
    assert [one.ask("GET", "Users").status_code for one in (ended, elsewhere)] == [401, 401]
    assert directory.ask("GET", "Users").status_code == 200
    for token in ApiToken.objects.filter(door="scim"):
        revoke_directory_token(token)
    assert directory.ask("GET", "Users").status_code == 401


def test_only_owners_let_a_directory_in() -> None:
    found = settings_of_nobody()
    by = actions.Actor(make_user("Max Manager", "manager"))
    with pytest.raises(PermissionDenied):
        change_provisioning({"reaches_owners": True}, by)
    with pytest.raises(PermissionDenied):
        create_directory_token(found, by)
    with pytest.raises(PermissionDenied):
        revoke_directory_token(ApiToken.objects.get(door="scim"), by)


def settings_of_nobody() -> Provisioning:
    open_door()
    return settings()


def test_owners_are_not_touched() -> None:
    directory = open_door()
    owner = make_user("Olga Owner", "owner", "olga@firm.example")
    make_user("Otto Owner", "owner", "otto@firm.example")
    path = f"Users/{owner.pk}"
    tries = [
        directory.ask("PUT", path, a_user("evil")),
        directory.ask("DELETE", path),
        directory.patch(path, {"op": "replace", "path": "active", "value": False}),
        directory.patch(path, {"op": "add", "path": "externalId", "value": "x"}),
    ]
    assert [one.status_code for one in tries] == [403] * 4
    owner.refresh_from_db()
    assert (owner.email, owner.is_active) == ("olga@firm.example", True)
    change_provisioning({"reaches_owners": True})
    assert directory.ask("DELETE", path).status_code == 204


def test_the_last_owner_stays_whatever_was_said() -> None:
    directory = open_door(reaches_owners=True)
    owner = make_user("Olga Owner", "owner", "olga@firm.example")
    answer = directory.ask("DELETE", f"Users/{owner.pk}")
    assert answer.status_code == 403
    owner.refresh_from_db()
    assert owner.is_active


def test_a_group_never_makes_an_owner() -> None:
    """Whatever stands in the settings, by whatever way it got there."""
    directory = open_door(group_roles=[["Bosses", "owner"]], reaches_owners=True)
    made = directory.make("Users", **a_user())
    directory.make("Groups", displayName="Bosses", members=[{"value": made["id"]}])
    assert user_of(made).role.key == "member"


def test_addresses_of_other_domains_can_not_be_given() -> None:
    """Whoever stole the token could else have somebody's new password sent to himself."""
    directory = open_door()
    made = directory.make("Users", **a_user())
    evil = {"userName": "bo", "emails": [{"value": "evil@elsewhere.example"}]}
    assert directory.ask("PUT", f"Users/{made['id']}", evil).status_code == 400
    assert directory.ask("POST", "Users", evil).status_code == 400
    assert user_of(made).email == "bo@firm.example"


def test_programs_are_not_seen() -> None:
    directory = open_door()
    robot = actions.create_service("Web form")
    assert directory.ask("GET", f"Users/{robot.pk}").status_code == 404
    assert directory.ask("GET", "Users").json()["totalResults"] == 0


def test_calls_are_noted_without_what_was_asked_and_the_oldest_go() -> None:
    directory = open_door()
    directory.find("Users", 'userName eq "secret@firm.example"')
    call = ProvisioningCall.objects.get()
    assert (call.method, call.path, call.status) == ("GET", "/scim/v2/Users", 200)
    ProvisioningCall.objects.bulk_create(
        ProvisioningCall(method="GET", path="/", status=200) for _number in range(KEPT)
    )
    assert directory.ask("GET", "nowhere").status_code == 404
    assert ProvisioningCall.objects.count() == KEPT
    assert ProvisioningCall.objects.all()[0].said


def test_what_is_done_to_the_door_is_in_the_diary() -> None:
    open_door()
    kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"provisioning_changed", "token_created"} <= kinds


def test_methods_that_an_address_has_not_are_named() -> None:
    answer = open_door().ask("DELETE", "Users")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


def test_a_directory_that_asks_too_often_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = open_door()
    monkeypatch.setattr("django.conf.settings.API_RATE", 2)
    first = directory.ask("GET", "Users")
    assert first.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"minute";r=1;t=')
    assert directory.ask("GET", "nowhere").status_code == 404
    calls = ProvisioningCall.objects.count()
    refused = directory.ask("POST", "Users", a_user())
    assert refused.status_code == 429
    assert refused.json()["status"] == "429"
    assert int(refused.headers["Retry-After"]) >= 1
    assert ProvisioningCall.objects.count() == calls

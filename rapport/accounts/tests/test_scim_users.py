"""A directory adds colleagues, changes them, and shuts them out."""

from typing import Any

import pytest

from rapport.accounts import actions
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.testing import make_user, signed_in
from rapport.accounts.tests.directory import Directory, a_user, open_door, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory() -> Directory:
    return open_door()


def test_somebody_new_is_a_user_with_the_usual_role(directory: Directory) -> None:
    made = directory.make("Users", **a_user(name={"givenName": "Bo", "familyName": "Vik"}))
    user = user_of(made)
    assert (user.name, user.email, user.role.key) == ("Bo Vik", "bo@firm.example", "member")
    assert not user.has_usable_password()
    event = SecurityEvent.objects.get(user=user, kind="user_created")
    assert event.actor is not None
    assert event.actor.is_service


@pytest.mark.parametrize("number", range(2))
def test_who_is_here_already_is_not_made_again(directory: Directory, number: int) -> None:
    make_user("Ida Brandt", "member", "ida@firm.example")
    body = (a_user("ida"), a_user("IDA", externalId="7"))[number]
    answer = directory.ask("POST", "Users", body)
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert User.objects.filter(email="ida@firm.example").count() == 1


def test_whoever_is_shut_out_loses_browsers_and_programs_at_once(directory: Directory) -> None:
    user = make_user("Lea Leaver", "member", "lea@firm.example")
    browser, secret = signed_in(user), actions.create_token(user, "Sheet")
    assert browser.get("/").status_code == 200
    answer = directory.patch(
        f"Users/{user.pk}", {"op": "Replace", "path": "active", "value": "False"}
    )
    assert answer.json()["active"] is False
    assert browser.get("/").status_code == 302
    program = {"Authorization": f"Bearer {secret}"}
    assert browser.get("/api/v1/people", headers=program).status_code == 401


def test_okta_shuts_out_without_a_path_and_lets_in_again(directory: Directory) -> None:
    made = directory.make("Users", **a_user())
    for wanted in (False, True):
        answer = directory.patch(
            f"Users/{made['id']}", {"op": "replace", "value": {"active": wanted}}
        )
        assert answer.json()["active"] is wanted
        assert user_of(made).is_active is wanted


def test_who_is_deleted_is_gone_there_and_shut_out_here(directory: Directory) -> None:
    made = directory.make("Users", **a_user(externalId="e-1"))
    assert directory.ask("DELETE", f"Users/{made['id']}").status_code == 204
    assert directory.ask("GET", f"Users/{made['id']}").status_code == 404
    assert directory.find("Users", 'userName eq "bo@firm.example"') == []
    assert not user_of(made).is_active


def test_who_comes_back_is_who_he_was_with_the_usual_role(directory: Directory) -> None:
    made = directory.make("Users", **a_user())
    actions.change_role(user_of(made), "manager")
    directory.ask("DELETE", f"Users/{made['id']}")
    again = directory.make("Users", **a_user(displayName="Bo V."))
    assert again["id"] == made["id"]
    user = user_of(again)
    assert (user.is_active, user.name, user.role.key) == (True, "Bo V.", "member")


def test_entra_changes_names_and_addresses_by_paths(directory: Directory) -> None:
    made = directory.make("Users", **a_user(displayName="Bo"))
    answer = directory.patch(
        f"Users/{made['id']}",
        {"op": "Add", "path": "name.givenName", "value": "Bob"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "b@firm.example"},
        {"op": "Replace", "value": {"displayName": "Bob Vik", "name.familyName": "Vik"}},
        {"op": "Add", "path": "title", "value": "Chief"},
        {"op": "Add", "path": _enterprise("department"), "value": "Sales"},
        {"op": "Replace", "path": "emails[primary eq true].value", "value": "bob@firm.example"},
    )
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["name"] == {"givenName": "Bob", "familyName": "Vik"}
    assert {one["value"] for one in found["emails"]} == {"bob@firm.example", "b@firm.example"}
    user = user_of(made)
    assert (user.name, user.email) == ("Bob Vik", "bob@firm.example")


def _enterprise(name: str) -> str:
    return f"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:{name}"


def test_a_put_replaces_all_that_we_keep(directory: Directory) -> None:
    made = directory.make("Users", **a_user(displayName="Bo", name={"givenName": "Bo"}))
    answer = directory.ask("PUT", f"Users/{made['id']}", a_user(displayName="Bob", active=True))
    assert (answer.status_code, answer.json()["displayName"]) == (200, "Bob")
    assert "name" not in answer.json()


def test_what_was_changed_here_since_is_told_as_it_is(directory: Directory) -> None:
    made = directory.make("Users", **a_user(displayName="Bo", name={"givenName": "Bo"}))
    actions.change_preferences(user_of(made), {"name": "Bobby"})
    found = directory.ask("GET", f"Users/{made['id']}").json()
    assert (found["displayName"], found.get("name")) == ("Bobby", None)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"op": "replace", "path": "emails", "value": "no address"}, "invalidValue"),
    ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
    ({"op": "replace", "path": "userName", "value": 7}, "invalidValue"),
    ({"op": "replace", "path": "userName"}, "invalidValue"),
    ({"op": "replace", "path": "shoeSize", "value": 7}, "invalidPath"),
    ({"op": "replace", "path": "name.shoe", "value": "x"}, "invalidPath"),
    ({"op": "replace", "path": "emails[", "value": "x"}, "invalidPath"),
    ({"op": "replace", "path": 'emails[value co "zz"].type', "value": "x"}, "noTarget"),
    ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
    ({"op": "remove", "path": "userName"}, "mutability"),
    ({"op": "remove"}, "noTarget"),
    ({"op": "replace", "value": "x"}, "invalidValue"),
    ({"op": "rename", "path": "userName", "value": "x"}, "invalidSyntax"),
]  # fmt: skip


def test_what_makes_no_sense_is_refused_and_changes_nothing(directory: Directory) -> None:
    made = directory.make("Users", **a_user())
    name = {"op": "replace", "path": "displayName", "value": "Half done"}
    for operation, word in BAD:
        answer = directory.patch(f"Users/{made['id']}", name, operation)
        assert (answer.status_code, answer.json().get("scimType")) == (400, word), operation
        assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert user_of(made).name == "bo@firm.example"


def test_who_saw_something_older_changes_nothing(directory: Directory) -> None:
    made = directory.make("Users", **a_user())
    old = made["meta"]["version"]
    path = f"Users/{made['id']}"
    same = directory.ask("GET", path, **{"If-None-Match": old})
    assert (same.status_code, same.headers["ETag"]) == (304, old)
    actions.change_preferences(user_of(made), {"name": "Bobby"})
    body = a_user(displayName="Bo")
    assert directory.ask("PUT", path, body, **{"If-Match": old}).status_code == 412
    assert directory.ask("DELETE", path, **{"If-Match": old}).status_code == 412
    assert user_of(made).name == "Bobby"
    now = directory.ask("GET", path).headers["ETag"]
    assert directory.ask("PUT", path, body, **{"If-Match": now}).status_code == 200


def test_bodies_that_are_none_are_refused(directory: Directory) -> None:
    for body in ("{", "[]", '{"a": NaN}', "[" * 4000):
        answer = directory.ask("POST", "Users", body)
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidSyntax")
    answer = directory.client.post(
        "/scim/v2/Users", headers={"Authorization": f"Bearer {directory.secret}"}
    )
    assert answer.status_code == 415


def test_when_a_user_changed_is_told_and_asked_for(directory: Directory) -> None:
    made, other = (directory.make("Users", **a_user(name)) for name in ("bo", "cy"))
    user, path = user_of(made), f"Users/{made['id']}"

    def changed() -> str:
        found: str = directory.ask("GET", path).json()["meta"]["lastModified"]
        return found

    first = changed()
    assert made["meta"]["created"] <= first == made["meta"]["lastModified"]
    actions.change_role(user, "manager")
    signed_in(user)
    assert changed() == first, "what directories are not shown is no change of theirs"
    seen = [first]
    for operation in (
        {"op": "replace", "path": "displayName", "value": "Bo Vik"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": "externalId", "value": "e-2"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@firm.example"},
    ):
        assert directory.patch(path, operation).status_code == 200
        seen.append(changed())
    team = directory.make("Groups", displayName="Sales", members=[{"value": made["id"]}])
    seen.append(changed())
    directory.patch(f"Groups/{team['id']}", {"op": "replace", "value": {"displayName": "North"}})
    seen.append(changed())
    assert seen == sorted(set(seen))
    since = f'meta.lastModified gt "{other["meta"]["lastModified"]}"'
    assert [one["id"] for one in directory.find("Users", since)] == [made["id"]]
    by = {"sortBy": "meta.lastModified", "sortOrder": "descending"}
    assert directory.find("Users", 'active pr and userName co "@"', **by)[0]["id"] == made["id"]

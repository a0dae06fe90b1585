from typing import Any

import pytest

from rapport.accounts.models import Role, SecurityEvent
from rapport.accounts.principals import ACTIONS, Scope, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.setup import matrix

pytestmark = pytest.mark.django_db


def sheet(role: str, **changes: str) -> dict[str, Any]:
    """What a browser posts: every cell as shown, but for the changes (view__person="none")."""
    shown = {
        cell.name: cell.scope
        for row in matrix.rows(Role.objects.get(key=role))
        for cell in row.cells
    }
    return shown | {_cell(name): scope for name, scope in changes.items()}


def _cell(name: str) -> str:
    action, _, object_name = name.partition("__")
    return f"{object_name or '*'}.{action}"


def test_a_changed_cell_holds_for_that_object_only() -> None:
    client = signed_in(make_user())
    client.post("/setup/roles/member/", sheet("member", delete__person="none"))
    principal = principal_of(make_user("Luis Vega", "member"))
    assert principal.grant("person").delete == Scope.NONE
    assert principal.grant("person").view == Scope.ALL
    assert principal.grant("deal").delete == Scope.OWN
    assert set(principal.grants) == {"*", "person"}


def test_objects_left_alone_follow_everything_else() -> None:
    client = signed_in(make_user())
    client.post("/setup/roles/member/", sheet("member", delete__person="none"))
    client.post("/setup/roles/member/", sheet("member", edit="all"))
    principal = principal_of(make_user("Luis Vega", "member"))
    assert principal.grant("deal").edit == Scope.ALL
    assert principal.grant("person").edit == Scope.TEAM


def test_an_object_made_equal_to_everything_else_follows_it_again() -> None:
    client = signed_in(make_user())
    client.post("/setup/roles/member/", sheet("member", delete__person="none"))
    client.post("/setup/roles/member/", sheet("member", delete__person="own"))
    principal = principal_of(make_user("Luis Vega", "member"))
    assert set(principal.grants) == {"*"}


def test_a_change_holds_from_the_next_request_and_is_written_down() -> None:
    owner = signed_in(make_user())
    owner.post("/setup/roles/read_only/", sheet("read_only", view="none"))
    principal = principal_of(make_user("Luis Vega", "read_only"))
    assert all(
        getattr(principal.grant("person"), "import_" if a == "import" else a) == Scope.NONE
        for a in ACTIONS
    )
    event = SecurityEvent.objects.get(kind="grants_changed")
    assert event.detail["scopes"]["*"]["view"] == "none"


def test_the_owners_rights_can_not_be_taken() -> None:
    owner = make_user()
    signed_in(owner).post("/setup/roles/owner/", sheet("owner", view="none"))
    assert principal_of(owner).grant("person").view == Scope.ALL


def test_a_scope_that_does_not_exist_is_refused() -> None:
    client = signed_in(make_user())
    answer = client.post("/setup/roles/member/", sheet("member", view="everything"))
    assert answer.status_code == 400


def test_a_new_role_starts_like_another_and_goes_when_nobody_holds_it() -> None:
    client = signed_in(make_user())
    client.post("/setup/roles/", {"name": "Field service", "like": "read_only"})
    role = Role.objects.get(key="field_service")
    assert str(role) == "Field service"
    holder = make_user("Luis Vega", "field_service")
    assert principal_of(holder).grant("person").edit == Scope.NONE
    client.post("/setup/roles/field_service/delete/")
    assert Role.objects.filter(key="field_service").exists()
    Role.objects.get(key="member").users.add(holder)
    client.post("/setup/roles/field_service/delete/")
    assert not Role.objects.filter(key="field_service").exists()


def test_two_roles_of_one_name_are_refused_at_the_field() -> None:
    client = signed_in(make_user())
    answer = client.post("/setup/roles/", {"name": "Member", "like": "member"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"name"}


def test_built_in_roles_stay() -> None:
    client = signed_in(make_user())
    client.post("/setup/roles/read_only/delete/")
    assert Role.objects.filter(key="read_only").exists()

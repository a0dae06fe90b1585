import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import Refused, create_service, create_token, issue_link
from rapport.accounts.models import ApiToken, SecurityEvent, User
from rapport.accounts.testing import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db

NEW = "/setup/tokens/new/"
FORM: dict[str, Any] = {"name": "Sheet", "reach": "write", "days": "90"}


def secret_in(page: Any) -> str:
    found = re.search(r"rpt_[\w-]+", page.content.decode())
    assert found
    return found.group()


def asks(secret: str, path: str = "/people", **extra: Any) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get(f"/api/v1{path}", headers=headers, **extra).status_code


def test_a_token_is_shown_once_and_works() -> None:
    client = signed_in(make_user())
    page = client.post(NEW, FORM)
    assert "no-store" in page["Cache-Control"]
    secret = secret_in(page)
    assert secret not in client.get("/setup/tokens/").content.decode()
    assert asks(secret) == 200


def test_ticked_boxes_are_all_that_a_token_may() -> None:
    client = signed_in(make_user())
    page = client.post(NEW, FORM | {"reach": "some", "scope": ["deal.view", "deal.edit"]})
    secret = secret_in(page)
    assert ApiToken.objects.get().scopes == {"deal": ["view", "edit"]}
    assert (asks(secret, "/deals"), asks(secret, "/people")) == (200, 403)


@pytest.mark.parametrize(
    "fault",
    [
        {"reach": "some"},
        {"reach": "write", "scope": ["deal.view"]},
        {"networks": "10.0.0.0/8 nowhere"},
        {"networks": "10.0.0.1/8"},
        {"days": "36500"},
        {"name": ""},
    ],
)
def test_a_form_with_a_fault_makes_no_token(fault: dict[str, Any]) -> None:
    page = signed_in(make_user()).post(NEW, FORM | fault)
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_bound_to_a_network_opens_nothing_from_elsewhere() -> None:
    secret = secret_in(signed_in(make_user()).post(NEW, FORM | {"networks": "10.0.0.0/8, ::1"}))
    assert asks(secret, REMOTE_ADDR="10.2.3.4") == 200
    assert asks(secret, REMOTE_ADDR="::1") == 200
    assert asks(secret, REMOTE_ADDR="11.2.3.4") == 401
    # What anybody may write into a header is no address.
    assert asks(secret, REMOTE_ADDR="11.2.3.4", HTTP_X_FORWARDED_FOR="10.2.3.4") == 401
    assert ApiToken.objects.get().last_used_ip == "10.2.3.4"


def test_one_revokes_ones_own_tokens_and_administrators_those_below_them() -> None:
    owner, member = make_user(), make_user("Luis Vega", "member")
    manager = signed_in(make_user("Mia Manager", "manager"))
    create_token(owner, "Owner's")
    create_token(member, "Member's")
    owners, members = (ApiToken.objects.get(user=user) for user in (owner, member))
    assert signed_in(member).post(f"/setup/tokens/{owners.pk}/revoke/").status_code == 404
    assert manager.post(f"/setup/tokens/{owners.pk}/revoke/").status_code == 404
    assert manager.post(f"/setup/tokens/{members.pk}/revoke/").status_code == 302
    assert signed_in(owner).post(f"/setup/tokens/{owners.pk}/revoke/").status_code == 302
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_a_service_comes_in_by_its_token_alone() -> None:
    client = signed_in(make_user())
    made = client.post("/setup/tokens/services/", {"service_name": "Web form", "role": "member"})
    service = User.objects.get(is_service=True)
    assert made["Location"].endswith(f"{service.pk}/")
    assert asks(secret_in(client.post(made["Location"], FORM))) == 200
    assert not Client().login(username=service.email, password=PASSWORD)
    assert "Web form" not in client.get("/setup/users/").content.decode()
    with pytest.raises(Refused):
        issue_link(service, "reset")


def test_a_manager_makes_no_service_of_higher_rank() -> None:
    manager = signed_in(make_user("Mia Manager", "manager"))
    form = {"service_name": "Root", "role": "owner"}
    assert manager.post("/setup/tokens/services/", form).status_code == 403
    service = create_service("Root", "owner")
    assert manager.post(f"{NEW}{service.pk}/", FORM).status_code == 403
    assert not ApiToken.objects.exists()


def test_nobody_makes_a_token_that_acts_for_a_colleague() -> None:
    colleague = make_user("Luis Vega", "member")
    assert signed_in(make_user()).post(f"{NEW}{colleague.pk}/", FORM).status_code == 404


def test_a_deactivated_service_is_shut_out() -> None:
    service = create_service("Web form")
    secret = create_token(service, "Its")
    client = signed_in(make_user())
    client.post(f"/setup/users/{service.pk}/deactivate/")
    assert asks(secret) == 401
    assert client.post(f"{NEW}{service.pk}/", FORM).status_code == 404


def test_what_became_of_tokens_is_in_the_diary() -> None:
    owner = make_user()
    client = signed_in(owner)
    client.post(NEW, FORM)
    client.post(f"/setup/tokens/{ApiToken.objects.get().pk}/revoke/")
    kinds = SecurityEvent.objects.filter(user=owner).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["token_created", "token_revoked"]


def test_a_token_that_ran_out_is_still_listed_as_ended() -> None:
    owner = make_user()
    create_token(owner, "Old", expires_at=timezone.now() - timedelta(days=1))
    assert "Old" in signed_in(owner).get("/setup/tokens/").content.decode()

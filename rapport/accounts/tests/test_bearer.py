from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rapport.accounts.actions import create_token, deactivate, reactivate, revoke_token
from rapport.accounts.models import ApiToken
from rapport.accounts.testing import make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("rapport.accounts.tests.urls")]

ADDRESS = "/api/v1/whoami/"


def ask(secret: str, method: str = "get", address: str = ADDRESS) -> Any:
    client = Client(enforce_csrf_checks=True)
    return getattr(client, method)(address, headers={"Authorization": f"Bearer {secret}"})


def test_a_token_speaks_for_its_user() -> None:
    secret = create_token(make_user(), "Sheet")
    assert ask(secret).json()["name"] == "Ida Brandt"


def test_a_token_needs_no_csrf_proof_and_a_session_does() -> None:
    user = make_user()
    assert ask(create_token(user, "Sheet"), "post").status_code == 200
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    assert browser.get(ADDRESS).status_code == 200
    assert browser.post(ADDRESS).status_code == 403


def test_a_token_counts_for_the_api_only() -> None:
    secret = create_token(make_user(), "Sheet")
    assert ask(secret, address="/whoami/").status_code == 302


def test_a_wrong_token_is_refused_even_beside_a_good_session() -> None:
    client = signed_in(make_user())
    assert client.get(ADDRESS, headers={"Authorization": "Bearer rpt_wrong"}).status_code == 401


@pytest.mark.parametrize("address", [ADDRESS, "/api/v1/nothing/", "/api/v1/whoami", "/api/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_the_api_tells_a_stranger_nothing_about_what_exists(address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_a_token_ends_when_it_runs_out_or_is_revoked() -> None:
    user = make_user()
    past = create_token(user, "Old", expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(past).status_code == 401
    secret = create_token(user, "Sheet")
    revoke_token(ApiToken.objects.get(name="Sheet"))
    assert ask(secret).status_code == 401


def test_a_token_ends_with_its_user_and_stays_ended() -> None:
    make_user()
    member = make_user("Luis Vega", "member")
    secret = create_token(member, "Sheet")
    deactivate(member)
    assert ask(secret).status_code == 401
    reactivate(member)
    assert ask(secret).status_code == 401


def test_a_reading_token_grants_no_writing() -> None:
    secret = create_token(make_user(), "Report", may_write=False)
    assert ask(secret).json()["view"] == "all"
    assert ask(secret).json()["edit"] == "none"


def test_the_secret_is_not_kept() -> None:
    secret = create_token(make_user(), "Sheet")
    row = ApiToken.objects.values().get()
    assert secret not in str(row)
    assert secret.startswith(row["prefix"])


def test_a_request_by_token_costs_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    secret = create_token(make_user(), "Sheet")
    ask(secret)
    with django_assert_num_queries(1):
        assert ask(secret).status_code == 200

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rapport.accounts.actions import bump_metadata_version, create_team
from rapport.accounts.routes import admits
from rapport.accounts.testing import make_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("rapport.accounts.tests.urls")]


def test_a_stranger_is_sent_to_sign_in_and_back() -> None:
    answer = Client().get("/whoami/?view=mine&x=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=%2Fwhoami%2F%3Fview%3Dmine%26x%3D1"


def test_a_route_may_admit_strangers() -> None:
    assert Client().get("/public/").json()["kind"] == "anonymous"


def test_a_route_may_admit_some_roles_only() -> None:
    assert signed_in(make_user()).get("/owners/").status_code == 200
    member = make_user("Luis Vega", "member")
    assert signed_in(member).get("/owners/").status_code == 403


def test_an_unknown_kind_of_principal_is_a_programming_fault() -> None:
    with pytest.raises(ValueError, match="martian"):
        admits("martian")


def test_an_htmx_request_of_a_stranger_keeps_the_page_as_it_is() -> None:
    answer = Client().get(
        "/whoami/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=a"},
    )
    assert answer.status_code == 401
    assert answer["HX-Reswap"] == "none"
    assert answer["Rapport-Sign-In"] == "/login/?next=%2Fpeople%2F%3Fq%3Da"


def test_the_way_back_of_an_htmx_request_never_leaves_the_house_cve_2024_36406() -> None:
    answer = Client().get(
        "/whoami/",
        headers={"HX-Request": "true", "HX-Current-URL": "https://evil.example/people/"},
    )
    assert answer["Rapport-Sign-In"] == "/login/?next=%2F"


def test_a_request_by_session_costs_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = make_user()
    create_team("North", [user.pk, make_user("Luis Vega", "member").pk])
    client = signed_in(user)
    with django_assert_num_queries(1):
        assert client.get("/whoami/").json()["role"] == "owner"


def test_a_request_without_a_cookie_costs_no_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        Client().get("/whoami/")


def test_the_version_of_the_metadata_comes_with_the_session() -> None:
    client = signed_in(make_user())
    before = client.get("/whoami/").json()["metadata_version"]
    bump_metadata_version()
    assert client.get("/whoami/").json()["metadata_version"] > before


def test_language_and_zone_are_the_users() -> None:
    user = make_user()
    user.language, user.timezone = "es", "Europe/Madrid"
    user.save()
    answer = signed_in(user).get("/whoami/", headers={"Accept-Language": "en"})
    assert (answer.json()["language"], answer.json()["zone"]) == ("es", "Europe/Madrid")
    assert answer["Content-Language"] == "es"


def test_a_strangers_language_is_the_browsers() -> None:
    answer = Client().get("/public/", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert answer.json()["language"] == "es"


def test_a_zone_that_no_longer_exists_does_not_lock_anybody_out() -> None:
    user = make_user()
    type(user).objects.update(timezone="Mars/Olympus")
    assert signed_in(user).get("/whoami/").json()["zone"] == "UTC"

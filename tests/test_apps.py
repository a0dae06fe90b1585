"""Apps of others, from being registered to being shut out, with a client that is not ours.

What attackers try is `tests/security/test_oauth.py`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.utils import timezone
from requests.adapters import BaseAdapter

from rapport.accounts.jobs import tidy
from rapport.accounts.models import (
    ApiToken,
    AppAccess,
    AuthorizationCode,
    OAuthApp,
    RefreshToken,
    SecurityEvent,
)
from rapport.accounts.narrowing import for_token
from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.records.models import ChangeSet
from tests.apps import AUTHORIZE, CALLBACK, allow, people, register, sent_back

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
FORM: dict[str, Any] = {
    "name": "Planner",
    "redirect_uris": CALLBACK,
    "kind": "secret",
    "reach": "read",
    "days": "30",
}


class House(BaseAdapter):
    """Brings what a client sends to the product, and back what it answers."""

    def send(
        self, request: requests.PreparedRequest, *_options: Any, **_more: Any
    ) -> requests.Response:
        """Answer one request."""
        place, response = urlsplit(str(request.url)), requests.Response()
        answer = Client(enforce_csrf_checks=True).generic(
            str(request.method),
            f"{place.path}?{place.query}",
            request.body or b"",
            content_type=str(request.headers.get("Content-Type", "")),
            headers={name: str(value) for name, value in request.headers.items()},
        )
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response._content = answer.content
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing is open."""


def client_of(client_id: str, secret: str, **options: Any) -> Any:
    """An app whose client is Authlib's."""
    session = OAuth2Session(
        client_id,
        secret or None,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        **options,
    )
    session.mount(SITE, House())
    return session


def found_metadata() -> dict[str, Any]:
    """What a program finds out that knows no more than where the API is."""
    refused = Client().get("/api/v1/people")
    named = re.search(r'resource_metadata="([^"]+)"', refused.headers["WWW-Authenticate"])
    assert refused.status_code == 401
    assert named
    resource = Client().get(urlsplit(named[1]).path).json()
    assert resource["resource"] == f"{SITE}/api/v1"
    server = resource["authorization_servers"][0]
    found: dict[str, Any] = (
        Client().get(urlsplit(server).path + "/.well-known/oauth-authorization-server").json()
    )
    return found


def test_an_app_is_registered_let_in_used_renewed_and_shut_out() -> None:
    ida = make_user()
    browser = signed_in(ida)
    made = browser.post("/setup/apps/new/", FORM | {"reach": "write"})
    secret = re.search(r'id="secret" readonly value="([^"]+)"', made.content.decode())
    app = OAuthApp.objects.get()
    assert secret
    assert secret[1] not in browser.get(f"/setup/apps/{app.pk}/").content.decode()

    server = found_metadata()
    session = client_of(str(app.pk), secret[1], token_endpoint=server["token_endpoint"])
    verifier = "n" * 64
    address, state = session.create_authorization_url(
        server["authorization_endpoint"], code_verifier=verifier, resource=f"{SITE}/api/v1"
    )
    page = browser.get(address)
    assert "Let Planner in?" in page.content.decode()
    back = browser.post(address, {"do": "allow"}).headers["Location"]
    assert back.startswith(f"{CALLBACK}?code=")
    token = session.fetch_token(
        server["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
    )
    assert token["token_type"] == "Bearer"
    assert 3500 < token["expires_in"] <= 3600
    created = session.post(f"{SITE}/api/v1/people", json={"last_name": "Berg"})
    assert created.status_code == 201
    assert ChangeSet.objects.filter(user=ida, via="api").exists()

    # An hour later it renews what it has by itself.
    session.token = {**token, "expires_at": 1}
    assert session.get(f"{SITE}/api/v1/people").json()["total"]["value"] == 1
    assert session.token["access_token"] != token["access_token"]
    # It is the same token to whatever counts by token.
    assert ApiToken.objects.count() == 1
    assert people(token["access_token"]) == 401

    session.revoke_token(server["revocation_endpoint"], session.token["refresh_token"])
    assert people(session.token["access_token"]) == 401
    kinds = list(SecurityEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds[-3:] == ["app_created", "app_let_in", "app_withdrawn"]


def test_who_is_not_signed_in_signs_in_and_comes_back_to_the_question() -> None:
    ida, app = make_user(), register()
    browser = Client()
    asked = browser.get(AUTHORIZE, app.request()).headers["Location"]
    assert asked.startswith("/login/?next=%2Foauth%2Fauthorize")
    there = browser.get(asked)
    *_language, target = re.findall(r'name="next" value="([^"]+)"', there.content.decode())
    form = {"email": ida.email, "password": PASSWORD, "next": unescape(target)}
    back = browser.post("/login/", form).headers["Location"]
    assert "Let Planner in?" in browser.get(back).content.decode()


SAID = [
    ("write", "See, add, change, delete, import and export whatever you may yourself"),
    ("read", "See and export whatever you may see, and change nothing"),
    ("person.view person.edit", "People: View, Edit"),
]


def test_the_page_says_what_for_and_how_long() -> None:
    app, browser = register(days=30), signed_in(make_user())
    for scope, words in SAID:
        page = browser.get(AUTHORIZE, app.request(scope=scope)).content.decode()
        assert words in page
    assert "ida.brandt@nordwind.example" in page
    assert "app.example" in page
    assert re.search(r"Until \d+/\d+/\d+", page)


def test_who_refuses_is_not_asked_for_a_reason() -> None:
    told = sent_back(allow(signed_in(make_user()), register().request(), "refuse"))
    assert told["error"] == "access_denied"


def test_an_app_may_no_more_than_was_allowed_nor_than_its_person() -> None:
    app = register()
    ida, reader = make_user(), make_user("Rita Reader", "read_only")
    reading = app.tokens(ida, scope="read")["access_token"]
    assert (people(reading), people(reading, "post")) == (200, 403)
    readers = app.tokens(reader)["access_token"]
    assert people(readers, "post") == 403
    deals = app.tokens(ida, scope="deal.view")["access_token"]
    assert people(deals) == 403
    whole = ApiToken.objects.order_by("created_at").first()
    assert whole
    # Whatever an owner allows, the administration is not part of it.
    assert not for_token(whole).is_owner
    assert not for_token(whole).administers


def test_words_of_a_scope_add_up() -> None:
    secret = register().tokens(make_user(), scope="read person.create")["access_token"]
    person = {"content_type": "application/json", "data": '{"last_name": "Berg"}'}
    assert people(secret, "post", **person) == 201
    assert people(secret) == 200
    company = Client().post(
        "/api/v1/companies",
        '{"name": "Berg"}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert company.status_code == 403


def test_an_app_bound_to_a_network_is_let_in_from_there_only() -> None:
    secret = register(networks=["10.0.0.0/8"]).tokens(make_user())["access_token"]
    assert people(secret, REMOTE_ADDR="10.1.1.1") == 200
    assert people(secret, REMOTE_ADDR="11.1.1.1") == 401


def test_one_sees_and_ends_what_one_allowed() -> None:
    ida, luis = make_user(), make_user("Luis Vega", "member")
    app = register()
    mine, his = app.tokens(ida), app.tokens(luis)
    browser = signed_in(luis)
    page = browser.get("/setup/tokens/").content.decode()
    assert page.count("Planner") == 2
    mine_row, his_row = (AppAccess.objects.get(token__user=one) for one in (ida, luis))
    assert browser.post(f"/setup/tokens/{mine_row.pk}/end/").status_code == 404
    # It is no token of his own making, so it is not revoked as one.
    assert browser.post(f"/setup/tokens/{his_row.pk}/revoke/").status_code == 404
    assert browser.post(f"/setup/tokens/{his_row.pk}/end/").status_code == 302
    assert people(his["access_token"]) == 401
    assert people(mine["access_token"]) == 200
    assert app.refresh(his["refresh_token"]).status_code == 400
    browser.get("/setup/tokens/")
    # Once the notice was read.
    assert "Planner" not in browser.get("/setup/tokens/").content.decode()


def test_administrators_end_what_those_below_them_allowed() -> None:
    ida, luis = make_user(), make_user("Luis Vega", "member")
    manager, app = signed_in(make_user("Mia Manager", "manager")), register()
    app.tokens(ida)
    app.tokens(luis)
    page = manager.get(f"/setup/apps/{app.id}/").content.decode()
    assert "Ida Brandt" in page
    owners, members = (AppAccess.objects.get(token__user=one).pk for one in (ida, luis))
    assert f"/setup/tokens/{members}/end/" in page
    assert f"/setup/tokens/{owners}/end/" not in page
    assert manager.post(f"/setup/tokens/{owners}/end/").status_code == 404
    assert manager.post(f"/setup/tokens/{members}/end/").status_code == 302
    assert AppAccess.objects.filter(token__revoked_at=None).get().token.user == ida


FAULTS: list[dict[str, Any]] = [
    {"name": ""},
    {"redirect_uris": ""},
    {"redirect_uris": "http://app.example/"},
    {"redirect_uris": "\n".join(f"https://app.example/{number}" for number in range(11))},
    {"reach": "some"},
    {"reach": "read", "scope": ["person.view"]},
    {"days": ""},
    {"networks": "nowhere"},
]


def test_a_form_with_a_fault_registers_nothing() -> None:
    browser = signed_in(make_user())
    for fault in FAULTS:
        assert browser.post("/setup/apps/new/", FORM | fault).status_code == 422, fault
    assert not OAuthApp.objects.exists()


def test_an_app_that_may_ask_for_something_else_asks_everybody_anew() -> None:
    ida = make_user()
    app, browser = register(), signed_in(ida)
    secret = app.tokens(ida)["access_token"]
    address = f"/setup/apps/{app.id}/"
    form = {name: value for name, value in FORM.items() if name != "kind"}
    assert browser.post(address, form | {"reach": "write", "name": "Plans"}).status_code == 302
    assert people(secret) == 200
    ticked = {"reach": "some", "scope": ["deal.view", "deal.edit"]}
    assert browser.post(address, form | ticked).status_code == 302
    assert people(secret) == 401
    app.row.refresh_from_db()
    assert app.row.scopes == ["deal.edit", "deal.view"]
    page = browser.get(address).content.decode()
    assert re.search(r'value="deal.view"[^>]+checked', page)
    assert browser.post(address, form | {"redirect_uris": "x"}).status_code == 422


def test_another_secret_ends_the_one_before() -> None:
    ida = make_user()
    app, browser = register(), signed_in(ida)
    refresh = app.tokens(ida)["refresh_token"]
    page = browser.post(f"/setup/apps/{app.id}/secret/")
    assert "no-store" in page["Cache-Control"]
    assert app.refresh(refresh).status_code == 401
    public = register(is_confidential=False)
    assert browser.post(f"/setup/apps/{public.id}/secret/").status_code == 404


def test_an_access_ends_on_its_day_however_often_it_is_renewed() -> None:
    app = register()
    refresh = app.tokens(make_user())["refresh_token"]
    AppAccess.objects.update(ends_at=timezone.now() + timedelta(minutes=5))
    renewed = app.refresh(refresh).json()
    assert renewed["expires_in"] <= 300
    AppAccess.objects.update(ends_at=timezone.now())
    assert app.refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"


def test_secrets_that_let_nobody_in_are_removed_and_used_ones_kept() -> None:
    app, ida = register(), make_user()
    stolen = app.tokens(ida)["refresh_token"]
    latest = app.refresh(stolen).json()
    AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(days=2))
    tidy(0)
    assert not AuthorizationCode.objects.exists()
    assert RefreshToken.objects.count() == 2
    assert app.refresh(stolen).status_code == 400
    assert people(latest["access_token"]) == 401
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    tidy(0)
    assert not RefreshToken.objects.exists()


def test_agents_find_the_way_in_too() -> None:
    refused = Client().post("/mcp")
    place = "/.well-known/oauth-protected-resource/mcp"
    assert refused.status_code == 401
    assert f'resource_metadata="{SITE}{place}"' in refused.headers["WWW-Authenticate"]
    assert Client().get(place).json()["resource"] == f"{SITE}/mcp"
    app = register()
    asked = app.request(resource=f"{SITE}/mcp")
    assert "code" in sent_back(allow(signed_in(make_user()), asked))


def test_only_what_can_be_opened_is_described() -> None:
    assert Client().get("/.well-known/oauth-protected-resource").json()["resource"]
    assert Client().get("/.well-known/oauth-protected-resource/nothing").status_code == 404

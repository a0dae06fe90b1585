"""Apps that describe themselves: only from hosts that were named, and never more than they may."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from rapport.accounts.jobs import tidy
from rapport.accounts.models import ApiToken, OAuthApp, User, Workspace
from rapport.accounts.oauth import documents
from rapport.accounts.oauth.carrying import present_apps
from rapport.accounts.oauth.registering import change_app_hosts, remove_app
from rapport.accounts.outbound import Answer
from rapport.accounts.testing import make_user, signed_in
from tests.apps import AUTHORIZE, CHALLENGE, TOKEN, VERIFIER, allow, sent_back

pytestmark = pytest.mark.django_db
URL, HOST = "https://apps.example.com/oauth/client.json", "apps.example.com"
CALLBACK = "https://apps.example.com/callback"


class Web:
    """What stands at addresses, and which of them were asked for."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {
            "client_id": URL, "client_name": "Helper",
            "redirect_uris": [CALLBACK, "http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none",
        }  # fmt: skip
        self.asked: list[str] = []
        self.status = 200

    def ask(self, _method: str, url: str, **_more: Any) -> Answer:
        self.asked.append(url)
        return Answer(self.status, {}, json.dumps(self.told).encode())


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    found = Web()
    monkeypatch.setattr(documents, "ask", found.ask)
    change_app_hosts([HOST])
    return found


@pytest.fixture
def ida() -> User:
    return make_user()


def request(**changes: str) -> dict[str, str]:
    asked = {
        "client_id": URL, "redirect_uri": CALLBACK, "response_type": "code", "state": "st4te",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    return asked | changes


def redeemed(ida: User) -> Any:
    code = sent_back(allow(signed_in(ida), request()))["code"]
    body = {
        "grant_type": "authorization_code", "code": code, "client_id": URL,
        "redirect_uri": CALLBACK, "code_verifier": VERIFIER,
    }  # fmt: skip
    return Client().post(TOKEN, urlencode(body), content_type="application/x-www-form-urlencoded")


def test_without_a_named_host_nobody_is_asked_and_nothing_is_offered(web: Web, ida: User) -> None:
    change_app_hosts([])
    page = signed_in(ida).get(AUTHORIZE, request())
    assert page.status_code == 400
    assert web.asked == []
    document = Client().get("/.well-known/oauth-authorization-server").json()
    assert document["client_id_metadata_document_supported"] is False


def test_it_asks_as_its_document_says_and_only_reads_and_proposes(web: Web, ida: User) -> None:
    page = signed_in(ida).get(AUTHORIZE, request()).content.decode()
    for words in ("Let Helper in?", "registered itself", HOST, "It changes nothing by itself"):
        assert words in page
    secret = redeemed(ida).json()["access_token"]
    assert web.asked == [URL]
    assert not ApiToken.objects.get().may_write
    head = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/people", headers=head).status_code == 200
    body = {"last_name": "Lund"}
    made = Client().post("/api/v1/people", body, content_type="application/json", headers=head)
    assert made.status_code == 403
    listed = signed_in(ida).get("/setup/apps/").content.decode()
    assert "Registered itself" in listed
    document = Client().get("/.well-known/oauth-authorization-server").json()
    assert document["client_id_metadata_document_supported"] is True


@pytest.mark.parametrize(
    "told",
    [
        {"client_id": "https://apps.example.com/other"},
        {"client_name": ""},
        {"client_name": "Help\u202eer"},
        {"redirect_uris": []},
        {"redirect_uris": ["https://elsewhere.example/callback"]},
        {"redirect_uris": ["com.example.app:/callback"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": [7]},
        {"redirect_uris": CALLBACK},
        {"client_secret": "s3cret"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"grant_types": ["implicit"]},
    ],
)
def test_a_document_that_is_not_as_it_must_be_is_refused(
    web: Web, ida: User, told: dict[str, Any]
) -> None:
    web.told |= told
    page = signed_in(ida).get(AUTHORIZE, request())
    assert page.status_code == 400
    assert "Location" not in page.headers
    assert not OAuthApp.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/client.json",
        "https://apps.example.com:8443/client.json",
        "https://ida@apps.example.com/client.json",
        "https://apps.example.com/",
        "https://apps.example.com/a/../client.json",
        "https://apps.example.com/client.json?x=1",
        "https://apps.example.com/client.json#x",
        "https://APPS.example.com/client.json",
        "https://apps.example.com.evil.example/client.json",
        "https://apps.example.com/%2e%2e/client.json",
        "http://apps.example.com/client.json",
    ],
)
def test_an_address_that_is_not_plain_or_not_of_a_named_host_is_never_fetched(
    web: Web, ida: User, url: str
) -> None:
    assert signed_in(ida).get(AUTHORIZE, request(client_id=url)).status_code == 400
    assert web.asked == []


def test_nobody_who_is_not_signed_in_has_a_document_fetched(web: Web) -> None:
    Client().get(AUTHORIZE, request())
    Client().post(TOKEN, {"grant_type": "refresh_token", "client_id": URL, "refresh_token": "x"})
    assert web.asked == []


def test_documents_are_not_fetched_without_end(web: Web, ida: User) -> None:
    web.status = 404
    browser = signed_in(ida)
    pages = [browser.get(AUTHORIZE, request()) for _n in range(7)]
    assert {page.status_code for page in pages} == {400}
    assert len(web.asked) == 5
    assert "too often" in pages[-1].content.decode()


def test_a_host_that_is_named_no_more_shuts_its_apps_out(web: Web, ida: User) -> None:
    refresh = redeemed(ida).json()["refresh_token"]
    change_app_hosts(["other.example.com"])
    body = {"grant_type": "refresh_token", "client_id": URL, "refresh_token": refresh}
    answer = Client().post(TOKEN, urlencode(body), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_what_an_administrator_removed_does_not_come_back(web: Web, ida: User) -> None:
    signed_in(ida).get(AUTHORIZE, request())
    remove_app(OAuthApp.objects.get())
    assert signed_in(ida).get(AUTHORIZE, request()).status_code == 400
    OAuthApp.objects.update(created_at="2020-01-01T00:00:00Z")
    tidy(0)
    assert OAuthApp.objects.count() == 1
    assert present_apps() == {}


def test_those_whom_nobody_let_in_are_forgotten(web: Web, ida: User) -> None:
    signed_in(ida).get(AUTHORIZE, request())
    OAuthApp.objects.update(created_at="2020-01-01T00:00:00Z")
    tidy(0)
    assert not OAuthApp.objects.exists()


def test_an_administrator_names_hosts_and_sets_terms_but_not_what_the_document_says(
    web: Web, ida: User
) -> None:
    owner = signed_in(ida)
    bad = owner.post("/setup/apps/hosts/", {"hosts": "https://claude.ai"})
    assert bad.status_code == 422
    assert "https://claude.ai" in bad.content.decode()
    owner.post("/setup/apps/hosts/", {"hosts": f"{HOST}\nclaude.ai"})
    assert Workspace.objects.get().app_hosts == [HOST, "claude.ai"]
    owner.get(AUTHORIZE, request())
    app = OAuthApp.objects.get()
    given = {
        "name": "Mine",
        "redirect_uris": "https://evil.example/",
        "reach": "read",
        "days": "90",
    }
    assert owner.post(f"/setup/apps/{app.pk}/", given).status_code == 302
    app.refresh_from_db()
    assert (app.name, app.redirect_uris[0], app.scopes) == ("Helper", CALLBACK, ["read"])
    assert not app.proposes

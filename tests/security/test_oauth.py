"""Coming in by an app: stolen codes and tokens, forged requests, addresses that are not the app's.

RFC 9700 names the attacks; where a server of this kind really had the hole, its record is named.
What apps ask browsers with is `test_oauth_requests.py`; that a token of an app may no more than
was allowed is `tests/test_apps.py`.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import ApiToken, AppAccess, AuthorizationCode, SecurityEvent, User
from rapport.accounts.oauth.registering import remove_app
from rapport.accounts.testing import make_user, signed_in
from tests.apps import (
    AUTHORIZE,
    CALLBACK,
    REVOKE,
    TOKEN,
    VERIFIER,
    App,
    allow,
    people,
    post_form,
    register,
    sent_back,
)

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"


def test_cve_2023_48228_a_stolen_code_is_worth_nothing_without_its_verifier(ida: User) -> None:
    app = register(is_confidential=False)
    code = app.code(ida)
    assert app.redeem(code, code_verifier="w" * 43).json()["error"] == "invalid_grant"
    # As it is in the request, for whoever saw that.
    for verifier in (app.request()["code_challenge"], ""):
        assert app.redeem(code, code_verifier=verifier).status_code == 400
    assert app.redeem(code).status_code == 200


def test_rfc_9700_2_1_1_a_code_that_comes_twice_ends_what_came_of_it(ida: User) -> None:
    app = register()
    code = app.code(ida)
    first = app.redeem(code).json()
    assert people(first["access_token"]) == 200
    assert app.redeem(code).json()["error"] == "invalid_grant"
    assert people(first["access_token"]) == 401
    assert app.refresh(first["refresh_token"]).status_code == 400
    assert SecurityEvent.objects.filter(kind="app_reused", user=ida).exists()


def test_rfc_9700_4_14_a_refresh_token_that_comes_twice_ends_the_family(ida: User) -> None:
    app = register(is_confidential=False)
    stolen = app.tokens(ida)["refresh_token"]
    latest = app.refresh(stolen).json()
    latest = app.refresh(latest["refresh_token"]).json()
    assert people(latest["access_token"]) == 200
    assert app.refresh(stolen).json()["error"] == "invalid_grant"
    assert people(latest["access_token"]) == 401
    assert app.refresh(latest["refresh_token"]).status_code == 400


def test_rfc_9700_4_5_a_code_of_one_app_is_nothing_to_another(ida: User) -> None:
    app, other = register(), register(name="Other")
    tokens = app.tokens(ida)
    assert other.redeem(app.code(ida)).json()["error"] == "invalid_grant"
    assert other.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    # And did not end it either.
    assert app.refresh(tokens["refresh_token"]).status_code == 200


def test_rfc_9700_4_5_a_code_got_for_one_address_is_not_redeemed_for_another(ida: User) -> None:
    other = "https://app.example/other"
    app = register(redirect_uris=[CALLBACK, other])
    code = app.code(ida)
    assert app.redeem(code, redirect_uri=other).json()["error"] == "invalid_grant"
    assert app.redeem(code, redirect_uri=CALLBACK).status_code == 200


def test_a_code_is_good_for_a_minute(ida: User) -> None:
    app = register()
    code = app.code(ida)
    AuthorizationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert app.redeem(code).json()["error"] == "invalid_grant"
    assert not AppAccess.objects.exists()


def test_rfc_9207_every_answer_says_who_it_comes_from(ida: User) -> None:
    """Without it an app that knows several servers takes an answer of one for that of another."""
    app, browser = register(), signed_in(ida)
    for answer in (
        allow(browser, app.request()),
        allow(browser, app.request(), "refuse"),
        browser.get(AUTHORIZE, app.request(scope="everything")),
    ):
        assert sent_back(answer)["iss"] == ISSUER
        assert sent_back(answer)["state"] == "st4te"
    document = Client().get("/.well-known/oauth-authorization-server").json()
    assert document["issuer"] == ISSUER
    assert document["authorization_response_iss_parameter_supported"] is True


def test_rfc_6819_4_4_1_8_a_stranger_and_another_site_let_no_app_in(ida: User) -> None:
    app = register()
    address = f"{AUTHORIZE}?{urlencode(app.request())}"
    away = Client().post(address, {"do": "allow"})
    assert away.status_code == 302
    assert away.headers["Location"].startswith("/login/")
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(ida)
    answer = forged.post(address, {"do": "allow"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    # To look is not to agree.
    assert signed_in(ida).get(address).status_code == 200
    assert not AuthorizationCode.objects.exists()


def test_a_token_does_not_let_further_apps_in(ida: User) -> None:
    app = register()
    secret = app.tokens(ida)["access_token"]
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post(
        f"{AUTHORIZE}?{urlencode(app.request())}", {"do": "allow"}, headers=headers
    )
    assert answer.headers["Location"].startswith("/login/")


def test_rfc_9700_4_16_the_page_that_asks_stands_in_no_frame(ida: User) -> None:
    page = signed_in(ida).get(AUTHORIZE, register().request())
    assert page.headers["X-Frame-Options"] == "DENY"
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://app.example;" in f"{policy};"
    assert "no-store" in page.headers["Cache-Control"]


def test_cve_2018_1000088_the_name_of_an_app_is_text(ida: User) -> None:
    app = register(name="<script>alert(1)</script>")
    browser = signed_in(ida)
    app.tokens(ida)
    for address in (
        f"{AUTHORIZE}?{urlencode(app.request())}",
        "/setup/apps/",
        f"/setup/apps/{app.id}/",
        "/setup/tokens/",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_cve_2023_34246_an_app_that_was_let_in_before_asks_again(ida: User) -> None:
    """It keeps no secret, so anybody may come in its name."""
    app = register(is_confidential=False)
    app.tokens(ida)
    assert signed_in(ida).get(AUTHORIZE, app.request()).status_code == 200


@pytest.mark.parametrize("is_confidential", [True, False])
def test_cve_2018_1000211_what_an_app_gives_back_is_ended(ida: User, is_confidential: bool) -> None:
    app = register(is_confidential=is_confidential)
    tokens = app.tokens(ida)
    assert app.post(REVOKE, {"token": tokens["access_token"]}).status_code == 200
    assert people(tokens["access_token"]) == 401
    tokens = app.refresh(tokens["refresh_token"]).json()
    assert people(tokens["access_token"]) == 200
    assert app.post(REVOKE, {"token": tokens["refresh_token"]}).status_code == 200
    assert people(tokens["access_token"]) == 401
    assert app.refresh(tokens["refresh_token"]).status_code == 400


def test_no_app_ends_what_another_was_given(ida: User) -> None:
    app, other = register(), register(name="Other")
    tokens = app.tokens(ida)
    for secret in (tokens["access_token"], tokens["refresh_token"]):
        assert other.post(REVOKE, {"token": secret}).json()["error"] == "unauthorized_client"
    assert other.post(REVOKE, {"token": "rpt_unknown"}).status_code == 200
    assert people(tokens["access_token"]) == 200


def test_an_app_that_does_not_prove_itself_gets_nothing(ida: User) -> None:
    app = register()
    code = app.code(ida)
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    proofs: list[dict[str, str]] = [
        {},
        {"client_id": app.id},
        {"client_id": app.id, "client_secret": ""},
        {"client_id": app.id, "client_secret": "wrong"},
        {"client_id": app.id, "client_secret": app.row.secret_digest},
        {"client_id": app.id.upper(), "client_secret": app.secret},
        {"client_id": "\x00", "client_secret": app.secret},
    ]
    for proof in proofs:
        answer = post_form(TOKEN, form | proof)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    for pair in (f"{app.id}:wrong", app.id, ":", "\xff"):
        basic = base64.b64encode(pair.encode("latin-1")).decode()
        answer = post_form(TOKEN, form, Authorization=f"Basic {basic}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
    good = base64.b64encode(f"{app.id}:{app.secret}".encode()).decode()
    twice = post_form(TOKEN, form | {"client_secret": "x"}, Authorization=f"Basic {good}")
    assert twice.status_code == 401
    assert post_form(TOKEN, form, Authorization=f"Basic {good}").status_code == 200


def test_an_app_without_a_secret_does_not_pass_for_one_that_has_one(ida: User) -> None:
    public = register(is_confidential=False)
    code = public.code(ida)
    assert public.redeem(code, client_secret="x").status_code == 401


def test_a_refresh_asks_for_no_more_than_was_allowed(ida: User) -> None:
    app = register()
    tokens = app.tokens(ida, scope="read")
    assert app.refresh(tokens["refresh_token"], scope="write").json()["error"] == "invalid_scope"
    assert (
        app.refresh(tokens["refresh_token"], scope="person.view").json()["scope"] == "person.view"
    )


def test_who_left_and_what_was_removed_come_in_no_more(ida: User) -> None:
    member = make_user("Luis Vega", "member")
    app, other = register(), register(name="Other")
    code, tokens = app.code(member), app.tokens(member)
    signed_in(ida).post(f"/setup/users/{member.pk}/deactivate/")
    signed_in(ida).post(f"/setup/users/{member.pk}/reactivate/")
    assert people(tokens["access_token"]) == 401
    assert app.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert app.redeem(code).json()["error"] == "invalid_grant"
    tokens = other.tokens(ida)
    remove_app(other.row)
    assert people(tokens["access_token"]) == 401
    assert other.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert signed_in(ida).get(AUTHORIZE, other.request()).status_code == 400


def test_what_is_kept_lets_nobody_in(ida: User) -> None:
    app = register()
    tokens = app.tokens(ida)
    kept = str([*app.row.accesses.values(), *ApiToken.objects.values()])
    kept += str([*AuthorizationCode.objects.values(), vars(app.row)])
    for secret in (tokens["access_token"], tokens["refresh_token"], app.secret):
        assert secret not in kept
    assert app.refresh(ApiToken.objects.get().digest).status_code == 400


def test_nothing_is_told_of_apps_to_strangers() -> None:
    make_user()
    known, unknown = register().request(), register().request(client_id="x")
    answers = [Client().get(AUTHORIZE, one).headers["Location"][:8] for one in (known, unknown)]
    assert answers == ["/login/?"] * 2


def test_only_forms_are_taken(ida: User) -> None:
    app: App = register()
    code = app.code(ida)
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    proof = {"client_id": app.id, "client_secret": app.secret}
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = Client().post(TOKEN, urlencode(asked | proof), content_type=kind)
        assert answer.json()["error"] == "invalid_request"
    assert Client().get(TOKEN, asked | proof).status_code == 405
    # A secret in an address stands in logs.
    address = f"{TOKEN}?{urlencode(asked | proof)}"
    assert post_form(address, {"x": "1"}).status_code == 401

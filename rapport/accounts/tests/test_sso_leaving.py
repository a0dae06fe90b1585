"""Who leaves the identity provider leaves here too, and the other way round if he likes."""

import re
import time
import urllib.request
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from rapport.accounts.models import IdentityProvider, SecurityEvent, UsedToken, User
from rapport.accounts.sessions import BY_PROVIDER
from rapport.accounts.sso import protocol
from rapport.accounts.sso.leaving import EVENT, MOST_AGE
from rapport.accounts.testing import make_user, signed_in
from rapport.accounts.tests import test_sso, test_sso_tokens
from rapport.accounts.tests.test_sso import come, is_in
from rapport.accounts.tests.test_sso_tokens import KEY, OTHER

pytestmark = pytest.mark.django_db

LEAVE = "/login/sso/leave/"
cheat, issuer, provider = test_sso_tokens.cheat, test_sso.issuer, test_sso.provider
_loopback_is_listed = test_sso._loopback_is_listed


@pytest.fixture
def firm(cheat: IdentityProvider) -> IdentityProvider:
    """A provider whose key we hold, set up."""
    cheat.save()
    return cheat


def said(**more: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": "https://login.example", "aud": "crm", "sub": "ida", "jti": f"{time.time_ns()}"}
    return whole | {"iat": now, "exp": now + 120, "events": {EVENT: {}}} | more


def tell(claims: dict[str, Any], key: RSAKey = KEY, **header: str) -> int:
    """The answer to the provider's word, as its server sends it: no cookie, no proof of a form."""
    token = jwt.encode({"alg": "RS256", "typ": "logout+jwt", **header}, claims, key)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LEAVE, {"logout_token": token})
    assert "no-store" in answer["Cache-Control"]
    return int(answer.status_code)


def came(user: User, sid: str = "s1", sub: str = "ida") -> Client:
    """A browser whose session began with the provider."""
    client = signed_in(user)
    session = client.session
    session[BY_PROVIDER] = {"sub": sub, "sid": sid, "token": ""}
    session.save()
    return client


def test_the_session_that_ended_there_ends_here(firm: IdentityProvider) -> None:
    user = make_user()
    meant, other, by_password = came(user), came(user, "s2"), signed_in(user)
    assert tell(said(sid="s1")) == 200
    assert [is_in(one) for one in (meant, other, by_password)] == [False, True, True]
    event = SecurityEvent.objects.get(kind="session_ended")
    assert (event.user, event.actor) == (user, None)


def test_without_a_session_named_all_of_that_person_end(firm: IdentityProvider) -> None:
    ida, bo = make_user(), make_user("Bo Vik", "member")
    first, second, another = came(ida), came(ida, "s2"), came(bo, "s3", "bo")
    assert tell(said()) == 200
    assert [is_in(one) for one in (first, second, another)] == [False, False, True]


def test_a_session_alone_is_enough_and_one_that_was_never_named_ends_too(
    firm: IdentityProvider,
) -> None:
    user = make_user()
    named, nameless = came(user), came(user, "")
    word = said(sid="s1")
    del word["sub"]
    assert tell(word) == 200
    assert [is_in(one) for one in (named, nameless)] == [False, True]
    assert tell(said(sid="other")) == 200
    assert not is_in(nameless)


CHEATS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "audience": lambda word: word.update(aud="wiki"),
    "issuer": lambda word: word.update(iss="https://evil.example"),
    "over": lambda word: word.update(exp=int(time.time()) - 120),
    "old": lambda word: word.update(iat=int(time.time()) - MOST_AGE - 60, exp=None),
    "tomorrow": lambda word: word.update(iat=int(time.time()) + 600),
    "no time": lambda word: word.pop("iat"),
    "no name of its own": lambda word: word.pop("jti"),
    "no event": lambda word: word.pop("events"),
    "another event": lambda word: word.update(events={"x": {}}),
    "events are none": lambda word: word.update(events=[EVENT]),
    "a sign-in's": lambda word: word.update(nonce="n"),
    "nobody": lambda word: word.pop("sub"),
    "odd person": lambda word: word.update(sub=["ida"]),
    "empty session": lambda word: word.update(sid=""),
}


def test_a_word_that_is_not_believed_ends_nothing(firm: IdentityProvider) -> None:
    browser = came(make_user())
    for name, spoil in CHEATS.items():
        word = said()
        spoil(word)
        word = {key: value for key, value in word.items() if value is not None}
        assert tell(word) == 400, name
    assert tell(said(), OTHER) == 400
    assert tell(said(), typ="at+jwt") == 400
    assert Client().post(LEAVE).status_code == 400
    assert Client().post(LEAVE, {"logout_token": "a.b.c"}).status_code == 400
    assert is_in(browser)
    assert not UsedToken.objects.exists()


def test_a_word_counts_once(firm: IdentityProvider) -> None:
    user, word = make_user(), said()
    assert tell(word) == 200
    browser = came(user)
    assert tell(word) == 400
    assert is_in(browser)


def test_strangers_can_not_make_us_ask_for_keys_again_and_again(
    firm: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    known = protocol.get

    def get(address: str) -> Any:
        asked.append(address)
        return known(address)

    monkeypatch.setattr(protocol, "get", get)
    for _number in range(5):
        assert tell(said(), OTHER) == 400
    assert len(asked) == 2


def test_a_word_of_leaving_lets_nobody_in(firm: IdentityProvider) -> None:
    """Nor does a token of any other type."""
    claims = test_sso_tokens.claims()
    for kind in ("logout+jwt", "at+jwt"):
        token = jwt.encode({"alg": "RS256", "typ": kind}, claims, KEY)
        with pytest.raises(protocol.NotBelieved):
            protocol.read_id_token(firm, token, "n")
    plain = jwt.encode({"alg": "RS256", "typ": "JWT"}, claims, KEY)
    assert protocol.read_id_token(firm, plain, "n")["sub"] == "ida"


def test_without_a_provider_nobody_is_believed() -> None:
    assert tell(said()) == 400


def test_whoever_came_by_the_provider_may_leave_it_too(provider: IdentityProvider) -> None:
    make_user()
    client, _answer = come("ida")
    page = client.post("/logout/").content.decode()
    assert not is_in(client)
    (address,) = re.findall(r'href="(http[^"]*end_session[^"]*)"', page)
    for part in ("client_id=crm", "id_token_hint=ey", "post_logout_redirect_uri=http"):
        assert part in address
    with urllib.request.build_opener().open(unescape(address)) as there:
        assert there.status == 200


def test_whoever_came_by_password_is_simply_out(provider: IdentityProvider) -> None:
    client = signed_in(make_user())
    assert client.post("/logout/")["Location"] == "/login/"


def test_a_provider_that_is_down_keeps_nobody_in(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    client, _answer = come("ida")
    monkeypatch.setattr(protocol, "_kept", {})
    IdentityProvider.objects.update(issuer="http://localhost:1")
    assert client.post("/logout/")["Location"] == "/login/"
    assert not is_in(client)

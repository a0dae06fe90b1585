"""What a provider, or somebody between it and us, might sign, and what of it is believed."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from rapport.accounts.models import IdentityProvider
from rapport.accounts.sso import protocol

KEY, OTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
CHEATS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "audience": lambda claims: claims.update(aud="another"),
    "issuer": lambda claims: claims.update(iss="https://evil.example"),
    "expired": lambda claims: claims.update(exp=int(time.time()) - 120),
    "no end": lambda claims: claims.pop("exp"),
    "tomorrow": lambda claims: claims.update(iat=int(time.time()) + 600),
    "other party": lambda claims: claims.update(azp="another"),
    "nobody": lambda claims: claims.pop("sub"),
}


@pytest.fixture
def cheat(monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    """A provider of which we hold the key."""
    site = "https://login.example"
    facts = {name: f"{site}/{name}" for name in protocol.NEEDED} | {"issuer": site}
    answers = {
        f"{site}/.well-known/openid-configuration": facts,
        f"{site}/jwks_uri": {"keys": [KEY.as_dict(private=False)]},
    }
    monkeypatch.setattr(protocol, "_kept", {})
    monkeypatch.setattr(protocol, "get", lambda address: answers[address])
    return IdentityProvider(issuer=site, client_id="crm")


def claims() -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": "https://login.example", "aud": ["crm", "wiki"], "azp": "crm", "sub": "ida"}
    return whole | {"exp": now + 300, "iat": now, "nonce": "n"}


def test_a_good_token_is_believed(cheat: IdentityProvider) -> None:
    token = jwt.encode({"alg": "RS256"}, claims(), KEY)
    assert protocol.read_id_token(cheat, token, "n")["sub"] == "ida"


@pytest.mark.parametrize("spoil", CHEATS.values(), ids=CHEATS.keys())
def test_a_token_that_is_not_for_us_now_is_not_believed(
    cheat: IdentityProvider, spoil: Callable[[dict[str, Any]], Any]
) -> None:
    said = claims()
    spoil(said)
    with pytest.raises(protocol.NotBelieved):
        protocol.read_id_token(cheat, jwt.encode({"alg": "RS256"}, said, KEY), "n")


def test_a_token_signed_by_another_by_the_secret_or_by_nobody_is_not_believed(
    cheat: IdentityProvider,
) -> None:
    secret = OctKey.import_key("the secret that client and provider share")
    unsigned = "eyJhbGciOiJub25lIn0." + jwt.encode({"alg": "RS256"}, claims(), KEY).split(".")[1]
    tokens = [
        jwt.encode({"alg": "RS256"}, claims(), OTHER),
        jwt.encode({"alg": "HS256"}, claims(), secret),
        f"{unsigned}.",
        "nonsense",
        "",
    ]
    for token in tokens:
        with pytest.raises(protocol.NotBelieved):
            protocol.read_id_token(cheat, token, "n")


def test_keys_that_changed_are_fetched_once_more(
    cheat: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol.read_id_token(cheat, jwt.encode({"alg": "RS256"}, claims(), KEY), "n")
    fresh = {"keys": [OTHER.as_dict(private=False)]}
    monkeypatch.setattr(protocol, "get", lambda _address: fresh)
    token = jwt.encode({"alg": "RS256"}, claims(), OTHER)
    assert protocol.read_id_token(cheat, token, "n")["sub"] == "ida"


@pytest.mark.parametrize("given", [{}, {"keys": "none"}, {"keys": [7]}, {"keys": [{}]}])
def test_keys_that_are_none_prove_nothing(
    cheat: IdentityProvider, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    protocol.discover(cheat.issuer)
    monkeypatch.setattr(protocol, "get", lambda _address: given)
    with pytest.raises(protocol.NotBelieved):
        protocol.read_id_token(cheat, jwt.encode({"alg": "RS256"}, claims(), KEY), "n")

"""OpenID Connect's authorization-code flow (Core 1.0) with PKCE, state, nonce (RFC 7636, 9207)."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from rapport.accounts.models import IdentityProvider
from rapport.accounts.sealing import open_sealed
from rapport.accounts.sso.asking import NoAnswer, get, is_fit, post

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

#: Signatures by the provider's own key; one by the client's secret, or none, proves nothing more.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
#: What a sign-in is told in; others of its tokens are no proof of who somebody is.
TYPES = {"", "jwt"}
LEEWAY = 60
KEPT_SECONDS = 600
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class NotBelieved(Exception):
    """What came from the provider proves nothing; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that is under way: where the browser goes, and what the session keeps of it."""

    address: str
    kept: dict[str, str]


def begin(provider: IdentityProvider, back: str) -> Begun:
    """Return where to send the browser; `back` is where the provider sends it on to.

    Raises NoAnswer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _number in range(3))
    question = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": _base64(sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    address = discover(provider.issuer)["authorization_endpoint"]
    mark = "&" if "?" in address else "?"
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "back": back}
    return Begun(f"{address}{mark}{urlencode(question)}", kept)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the provider says of somebody, and the token in which it said so."""

    claims: dict[str, Any]
    token: str


def finish(provider: IdentityProvider, kept: dict[str, str], came: dict[str, str]) -> Proof:
    """Return what is said of whoever signed in there. Raises NoAnswer, NotBelieved, CannotOpen."""
    if not constant_time_compare(kept["state"], came.get("state", "")):
        raise NotBelieved("another state")
    if came.get("iss", provider.issuer) != provider.issuer:
        raise NotBelieved("another issuer answered")
    if "code" not in came:
        raise NotBelieved(came.get("error", "no code")[:100])
    facts = discover(provider.issuer)
    form = {
        "grant_type": "authorization_code",
        "code": came["code"],
        "redirect_uri": kept["back"],
        "client_id": provider.client_id,
        "code_verifier": kept["verifier"],
    }
    secret = open_sealed(provider.client_secret_sealed)
    tokens = post(facts["token_endpoint"], form, provider.client_id, secret)
    token = str(tokens.get("id_token", ""))
    claims = read_id_token(provider, token, kept["nonce"])
    more = _more_claims(facts, claims, str(tokens.get("access_token", "")))
    return Proof(claims | more, token)


def discover(issuer: str, *, is_fresh: bool = False) -> dict[str, Any]:
    """Return what the provider says of itself, at most ten minutes old. Raises NoAnswer."""
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    facts = _recent(address, is_fresh)
    if facts.get("issuer") != issuer:
        raise NoAnswer(_("It calls itself %(name)s.") % {"name": str(facts.get("issuer"))[:200]})
    if missing := [name for name in NEEDED if not is_fit(str(facts.get(name, "")))]:
        raise NoAnswer(_("It names no safe %(what)s.") % {"what": ", ".join(missing)})
    return facts


def read_id_token(provider: IdentityProvider, token: str, nonce: str) -> dict[str, Any]:
    """Return the claims of a token that the provider signed for us and this very sign-in.

    Keys that it changed since are fetched once more. Raises NotBelieved, NoAnswer.
    """
    from joserfc.errors import JoseError
    from joserfc.jwt import JWTClaimsRegistry

    rules = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = verified(provider.issuer, token, TYPES)
        rules.validate(claims)
    except (JoseError, ValueError, TypeError) as wrong:
        raise NotBelieved(str(wrong)) from wrong
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise NotBelieved("made for another client")
    return claims


def verified(
    issuer: str, token: str, types: Collection[str], patience: float = 0
) -> dict[str, Any]:
    """Return the claims of a token of one of these types that the provider signed.

    Keys are fetched once more if none fits, but not within `patience` seconds of the last time.
    Raises ValueError, JoseError, NoAnswer.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError

    address = discover(issuer)["jwks_uri"]
    try:
        found = jwt.decode(token, _keys(address, is_fresh=False), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        is_fresh = time.monotonic() - _kept.get(address, (0.0, {}))[0] >= patience
        found = jwt.decode(token, _keys(address, is_fresh=is_fresh), algorithms=ALGORITHMS)
    if str(found.header.get("typ", "")).lower() not in types:
        raise ValueError("a token of another type")
    return found.claims


def _keys(address: str, *, is_fresh: bool) -> KeySet:
    from joserfc.jwk import KeySet

    keys = _recent(address, is_fresh).get("keys")
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        raise ValueError("The provider's keys are no list of keys.")
    return KeySet.import_key_set({"keys": keys})


def _more_claims(facts: dict[str, Any], claims: dict[str, Any], token: str) -> dict[str, Any]:
    """What the provider tells on asking, if the token did not bring the address along."""
    address = str(facts.get("userinfo_endpoint", ""))
    if "email" in claims or not token or not is_fit(address):
        return {}
    more = get(address, token)
    if more.get("sub") != claims["sub"]:
        raise NotBelieved("told of somebody else")
    return {name: value for name, value in more.items() if name not in claims}


def _recent(address: str, is_fresh: bool) -> dict[str, Any]:
    at, found = _kept.get(address, (0.0, {}))
    if is_fresh or time.monotonic() - at > KEPT_SECONDS or not found:
        found = get(address)
        _kept[address] = (time.monotonic(), found)
    return found


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

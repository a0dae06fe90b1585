"""Leaving: what the provider says of those who left it, and how one leaves it from here.

OpenID Connect Back-Channel Logout 1.0 and RP-Initiated Logout 1.0.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from rapport.accounts.actions.actor import NOBODY, Actor, record_event
from rapport.accounts.models import (
    IdentityProvider,
    SecurityEvent,
    Session,
    UsedToken,
    User,
)
from rapport.accounts.sealing import CannotOpen, open_sealed
from rapport.accounts.sso.asking import NoAnswer, is_fit
from rapport.accounts.sso.protocol import LEEWAY, NotBelieved, discover, verified

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = {"", "jwt", "logout+jwt"}
#: In seconds. An older word is not believed, so a used one need not be remembered longer.
MOST_AGE = 600
#: In seconds. Strangers may send words here: their false ones must not make us ask for keys often.
PATIENCE = 60
LONGEST_HINT = 6000


def read_logout_token(provider: IdentityProvider, token: str) -> dict[str, Any]:
    """Return the claims of a word that somebody left, the first time that it comes.

    Raises NotBelieved, NoAnswer.
    """
    from joserfc.errors import JoseError
    from joserfc.jwt import JWTClaimsRegistry

    rules = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        iat={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = verified(provider.issuer, token, TYPES, patience=PATIENCE)
        rules.validate(claims)
    except (JoseError, ValueError, TypeError) as wrong:
        raise NotBelieved(str(wrong)) from wrong
    _require_sense(claims)
    _use_once(provider, str(claims["jti"]))
    return claims


@transaction.atomic
def end_by_provider(provider: IdentityProvider, claims: dict[str, Any], by: Actor = NOBODY) -> None:
    """End the sessions that began with what the provider says has ended."""
    found = Session.objects.filter(_meant(str(claims.get("sub", "")), str(claims.get("sid", ""))))
    left = list(User.objects.filter(sessions__in=found).distinct())
    found.delete()
    for user in left:
        record_event(SecurityEvent.Kind.SESSION_ENDED, by, user, name=provider.name)


def way_out(provider: IdentityProvider, sealed_token: str, back: str) -> str:
    """Return where somebody ends his session with the provider too; empty if it has no such place.

    `sealed_token` is what it said of him when he came, `back` where it may send him afterwards.
    """
    try:
        address = str(discover(provider.issuer).get("end_session_endpoint", ""))
    except NoAnswer:
        return ""
    if not is_fit(address):
        return ""
    question = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    with suppress(CannotOpen):
        token = open_sealed(sealed_token)
        if token and len(token) < LONGEST_HINT:
            question["id_token_hint"] = token
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


def _require_sense(claims: dict[str, Any]) -> None:
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise NotBelieved("speaks of something else")
    if "nonce" in claims:
        raise NotBelieved("meant for a sign-in")
    if time.time() - float(claims["iat"]) > MOST_AGE:
        raise NotBelieved("too old")
    named = [claims[name] for name in ("sub", "sid") if name in claims]
    if not named or not all(isinstance(one, str) and one for one in named):
        raise NotBelieved("names nobody")


def _use_once(provider: IdentityProvider, word: str) -> None:
    now = timezone.now()
    UsedToken.objects.filter(expires_at__lt=now).delete()
    digest = sha256(f"{provider.issuer}\n{word}".encode()).hexdigest()
    ends = now + timedelta(seconds=MOST_AGE + LEEWAY)
    try:
        with transaction.atomic():
            UsedToken.objects.create(digest=digest, expires_at=ends)
    except IntegrityError as again:
        raise NotBelieved("came before") from again


def _meant(subject: str, sid: str) -> Q:
    """One session of theirs if it is named, else all of the person; a provider that never named
    sessions means all."""
    if not sid:
        return Q(provider_subject=subject)
    if not subject:
        return Q(provider_sid=sid)
    return Q(provider_subject=subject) & (Q(provider_sid=sid) | Q(provider_sid=""))

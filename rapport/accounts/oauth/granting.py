"""Letting an app in, keeping it in, and ending that."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from rapport.accounts.actions.actor import NOBODY, Actor, record_event, require_rank_over
from rapport.accounts.actions.tokens import make_token
from rapport.accounts.bearer import PREFIX_LENGTH, digest_of, new_secret
from rapport.accounts.models import (
    ApiToken,
    AppAccess,
    AuthorizationCode,
    OAuthApp,
    RefreshToken,
    SecurityEvent,
    User,
)
from rapport.accounts.oauth.asking import Asked
from rapport.accounts.oauth.scopes import allowed_by, is_within, may_write

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(hours=1)
#: An app that does not come back for so long has to ask people again.
IDLE_LIFE = timedelta(days=30)
REFRESH_MARK = "rpr_"
Kind = SecurityEvent.Kind


class NotGood(Exception):
    """A code or a refresh token that gets nothing: unknown, over, used, or somebody else's."""


class TooMuch(Exception):
    """More is asked for than the person allowed."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What an app is given: secrets that are not shown again, and what they are good for."""

    access_token: str
    refresh_token: str
    scope: str
    expires_at: datetime


def issue_code(asked: Asked, user: User) -> str:
    """Return the code by which the app gets what the user has just allowed."""
    code = secrets.token_urlsafe(32)
    AuthorizationCode.objects.create(
        digest=digest_of(code),
        app=asked.app,
        user=user,
        redirect_uri=asked.redirect_uri,
        scope=" ".join(asked.words),
        challenge=asked.challenge,
        expires_at=timezone.now() + CODE_LIFE,
    )
    return code


def redeem(
    app: OAuthApp, code: str, verifier: str, redirect_uri: str | None, by: Actor = NOBODY
) -> Issued:
    """Exchange a code, once. One that comes again ends what came of it. Raises NotGood."""
    with transaction.atomic():
        issued = _redeem(app, code, verifier, redirect_uri, by)
    # Outside, so that what was ended stays so.
    if issued is None:
        raise NotGood
    return issued


def renew(app: OAuthApp, refresh_token: str, words: tuple[str, ...], by: Actor = NOBODY) -> Issued:
    """Exchange a refresh token for fresh ones, once; one that comes again ends the access.

    `words` ask for less than was allowed, none for all of it. Raises NotGood, TooMuch.
    """
    with transaction.atomic():
        issued = _renew(app, refresh_token, words, by)
    if issued is None:
        raise NotGood
    return issued


@transaction.atomic
def withdraw(access: AppAccess, by: Actor = NOBODY) -> None:
    """End what an app was allowed. Raises PermissionDenied for the actor's rank."""
    user = access.token.user
    if by.user is not None and by.user.pk != user.pk:
        require_rank_over(by, user)
    _end(access, Kind.APP_WITHDRAWN, by)


@transaction.atomic
def revoke(app: OAuthApp, secret: str, by: Actor = NOBODY) -> bool:
    """End what an app brings back (RFC 7009): its access token, or with a refresh token all of it.

    False if it is another's; what nobody knows is ended already.
    """
    digest = digest_of(secret)
    refresh = RefreshToken.objects.filter(digest=digest).select_related("access__token").first()
    access = (
        refresh.access
        if refresh
        else AppAccess.objects.filter(token__digest=digest).select_related("token").first()
    )
    if access is None:
        return True
    if access.app_id != app.pk:
        return False
    if refresh:
        _end(access, Kind.APP_WITHDRAWN, by)
    else:
        ApiToken.objects.filter(pk=access.pk).update(expires_at=timezone.now())
    return True


def end_all(app: OAuthApp, by: Actor) -> None:
    """End whatever people let an app do."""
    for access in app.accesses.select_related("token__user"):
        _end(access, Kind.APP_WITHDRAWN, by)


def _redeem(
    app: OAuthApp, code: str, verifier: str, redirect_uri: str | None, by: Actor
) -> Issued | None:
    codes = AuthorizationCode.objects.select_for_update(of=("self",)).select_related("user")
    found = codes.filter(digest=digest_of(code), app=app).first()
    if found is None:
        return None
    if found.access is not None:
        _end(found.access, Kind.APP_REUSED, by)
        return None
    is_same = redirect_uri is None or constant_time_compare(redirect_uri, found.redirect_uri)
    is_over = found.expires_at <= timezone.now() or not found.user.is_active
    if is_over or not is_same or not constant_time_compare(_challenge(verifier), found.challenge):
        return None
    access, issued = _let_in(app, found.user, found.scope, by)
    found.access = access
    found.save(update_fields=["access"])
    return issued


def _let_in(app: OAuthApp, user: User, scope: str, by: Actor) -> tuple[AppAccess, Issued]:
    allowed = allowed_by(scope.split())
    until = timezone.now() + timedelta(days=app.days)
    token, secret = make_token(
        user,
        app.name,
        may_write=may_write(allowed) and not app.proposes,
        expires_at=min(timezone.now() + TOKEN_LIFE, until),
        scopes=allowed,
        networks=app.networks,
    )
    access = AppAccess.objects.create(token=token, app=app, scope=scope, ends_at=until)
    record_event(Kind.APP_LET_IN, by, user, name=app.name, scope=scope)
    return access, _issued(access, secret, scope)


def _renew(app: OAuthApp, refresh_token: str, words: tuple[str, ...], by: Actor) -> Issued | None:
    refreshes = RefreshToken.objects.select_for_update(of=("self",))
    found = (
        refreshes.select_related("access__token__user")
        .filter(digest=digest_of(refresh_token), access__app=app)
        .first()
    )
    if found is None:
        return None
    access, now = found.access, timezone.now()
    if found.used_at is not None:
        _end(access, Kind.APP_REUSED, by)
        return None
    if found.expires_at <= now or not access.is_valid(now) or not access.token.user.is_active:
        return None
    allowed = allowed_by(words or access.scope.split())
    if not is_within(allowed, allowed_by(access.scope.split())):
        raise TooMuch
    found.used_at = now
    found.save(update_fields=["used_at"])
    return _issued(access, _renew_token(access, allowed, now), " ".join(words) or access.scope)


def _renew_token(access: AppAccess, allowed: dict[str, list[str]], now: datetime) -> str:
    """A new secret for the same token: what counts by token goes on to count."""
    token, secret = access.token, new_secret()
    token.prefix, token.digest = secret[:PREFIX_LENGTH], digest_of(secret)
    token.expires_at = min(now + TOKEN_LIFE, access.ends_at)
    # Whoever only proposes reads at every door: what waits for approval has no other way.
    token.scopes = allowed
    token.may_write = may_write(allowed) and not access.app.proposes
    token.networks = access.app.networks
    token.save(update_fields=["prefix", "digest", "expires_at", "scopes", "may_write", "networks"])
    return secret


def _issued(access: AppAccess, secret: str, scope: str) -> Issued:
    refresh = REFRESH_MARK + secrets.token_urlsafe(32)
    until = min(timezone.now() + IDLE_LIFE, access.ends_at)
    RefreshToken.objects.create(digest=digest_of(refresh), access=access, expires_at=until)
    return Issued(secret, refresh, scope, access.token.expires_at or access.ends_at)


def _end(access: AppAccess, kind: str, by: Actor) -> None:
    ended = ApiToken.objects.filter(pk=access.pk, revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        record_event(kind, by, access.token.user, name=access.app.name)


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.2."""
    digest = sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

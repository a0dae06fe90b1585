"""Bearer tokens: how a program proves for whom it asks."""

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from rapport.accounts.identity import token_by_id, token_with_account
from rapport.accounts.models import ApiToken

MARK = "rpt_"
PREFIX_LENGTH = 10
# Between two notes of "last used" a request costs no write.
USED_INTERVAL = timedelta(minutes=10)


def new_secret() -> str:
    """Return a secret nobody can guess, with a mark that secret scanners can look for."""
    return MARK + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is stored in place of the secret."""
    return sha256(secret.encode()).hexdigest()


def token_of_header(
    header: str, ip: str | None = None, door: str = ApiToken.Door.API
) -> ApiToken | None:
    """Return the valid token of an Authorization header, with its user's account.

    None if it is no bearer header, unknown, expired, revoked, for another door, not for use from
    the address `ip`, or its user was deactivated.
    """
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(MARK):
        return None
    token = token_with_account(digest_of(secret.strip()))
    if token is None or not token.is_valid(timezone.now()) or not token.user.is_active:
        return None
    if token.door != door or not token.allows(ip):
        return None
    _note_use(token, ip)
    return token


def token_of_work(token_id: UUID) -> ApiToken | None:
    """Return the token by which work was asked for, for as long as it is not revoked.

    That it ran out meanwhile does not stop what was begun before.
    """
    token = token_by_id(token_id)
    if token is None or token.revoked_at is not None or not token.user.is_active:
        return None
    return token


def _note_use(token: ApiToken, ip: str | None) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_INTERVAL:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now, last_used_ip=ip)

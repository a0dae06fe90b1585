"""Bearer tokens: how a program proves for whom it asks."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from rapport.accounts.identity import token_with_account
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


def token_of_header(header: str) -> ApiToken | None:
    """Return the valid token of an Authorization header, with its user's account.

    None if it is no bearer header, unknown, expired, revoked, or its user was deactivated.
    """
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(MARK):
        return None
    token = token_with_account(digest_of(secret.strip()))
    if token is None or not token.is_valid(timezone.now()) or not token.user.is_active:
        return None
    _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_INTERVAL:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)

"""Tokens for programs."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import NOBODY, Actor, record_event, require_rank_over
from rapport.accounts.bearer import PREFIX_LENGTH, digest_of, new_secret
from rapport.accounts.models import ApiToken, SecurityEvent, User
from rapport.accounts.narrowing import Scopes, readable_scopes


@transaction.atomic
def create_token(
    user: User,
    name: str,
    by: Actor = NOBODY,
    may_write: bool = True,
    expires_at: datetime | None = None,
    *,
    scopes: Scopes | None = None,
    networks: Iterable[str] = (),
    door: str = ApiToken.Door.API,
) -> str:
    """Return the secret of a new token; it can't be shown again.

    `scopes` are actions by object, of what the user may at the time of use; `networks` the places
    it may be used from; `door` the one place where it opens. Raises ValidationError if the user is
    deactivated or a network is none, ValueError for an unknown action, PermissionDenied if the
    actor's rank is too low.
    """
    if by.user is not None and by.user.pk != user.pk:
        require_rank_over(by, user)
    token, secret = make_token(
        user,
        name,
        may_write=may_write,
        expires_at=expires_at,
        scopes=scopes,
        networks=networks,
        door=door,
    )
    record_event(SecurityEvent.Kind.TOKEN_CREATED, by, user, name=name, prefix=token.prefix)
    return secret


def make_token(
    user: User,
    name: str,
    *,
    may_write: bool,
    expires_at: datetime | None,
    scopes: Scopes | None,
    networks: Iterable[str],
    door: str = ApiToken.Door.API,
) -> tuple[ApiToken, str]:
    """Return a new token and its secret, whoever asks for it.

    Raises ValidationError if the user is deactivated or a network is none, ValueError for an
    unknown action.
    """
    if not user.is_active:
        raise ValidationError(_("This user is deactivated."))
    secret = new_secret()
    token = ApiToken(
        user=user,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        may_write=may_write,
        expires_at=expires_at,
        scopes=None if scopes is None else readable_scopes(scopes),
        networks=list(networks),
        door=door,
    )
    token.full_clean()
    token.save()
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, by: Actor = NOBODY) -> None:
    """Make the token useless from now on. Raises PermissionDenied for the actor's rank."""
    if by.user is not None and by.user.pk != token.user_id:
        require_rank_over(by, token.user)
    if token.revoked_at is not None:
        return
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record_event(
        SecurityEvent.Kind.TOKEN_REVOKED, by, token.user, name=token.name, prefix=token.prefix
    )

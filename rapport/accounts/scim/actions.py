"""What an owner says about the directory, and the tokens it comes with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import NOBODY, Actor, record_event, require_owner
from rapport.accounts.actions.programs import create_service
from rapport.accounts.actions.tokens import create_token, revoke_token
from rapport.accounts.models import ApiToken, Provisioning, SecurityEvent, User


@transaction.atomic
def change_provisioning(values: dict[str, Any], by: Actor = NOBODY) -> Provisioning:
    """Say how far the directory reaches; the first time it gets a user that it acts as.

    Raises PermissionDenied unless an owner asks.
    """
    require_owner(by)
    before = Provisioning.objects.first()
    service = before.service if before else _made_service(by)
    found, _is_new = Provisioning.objects.update_or_create(
        pk=1, defaults={"service": service, **values}
    )
    record_event(SecurityEvent.Kind.PROVISIONING_CHANGED, by, name=service.name)
    return found


@transaction.atomic
def create_directory_token(
    provisioning: Provisioning,
    by: Actor = NOBODY,
    *,
    expires_at: datetime | None = None,
    networks: Iterable[str] = (),
) -> str:
    """Return the secret of a token that opens the directory's door and nothing else.

    Raises PermissionDenied unless an owner asks, ValidationError if a network is none.
    """
    require_owner(by)
    return create_token(
        provisioning.service,
        provisioning.service.name,
        by,
        expires_at=expires_at,
        scopes={},
        networks=networks,
        door=ApiToken.Door.SCIM,
    )


@transaction.atomic
def revoke_directory_token(token: ApiToken, by: Actor = NOBODY) -> None:
    """Shut the directory out, as far as it comes with this token.

    Raises PermissionDenied unless an owner asks.
    """
    require_owner(by)
    revoke_token(token, by)


def _made_service(by: Actor) -> User:
    return create_service(_("Directory"), "read_only", by)

"""Apps that administrators register: made, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    ADMINISTRATORS,
    NOBODY,
    Actor,
    lock_workspace,
    record_event,
)
from rapport.accounts.bearer import digest_of
from rapport.accounts.links import new_secret
from rapport.accounts.models import OAuthApp, SecurityEvent
from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.oauth.documents import is_host
from rapport.accounts.oauth.granting import end_all
from rapport.accounts.oauth.redirects import check_redirect
from rapport.accounts.oauth.scopes import words_of
from rapport.kit.ids import uuid7

Kind = SecurityEvent.Kind


@transaction.atomic
def create_app(
    values: dict[str, Any],
    by: Actor = NOBODY,
    *,
    is_confidential: bool,
    key: UUID | None = None,
) -> tuple[OAuthApp, str]:
    """Register an app; return it with its secret, which can't be shown again, or an empty text.

    `values` are `name`, `redirect_uris`, `scopes`, `days` and `networks`, and as an agent's terms
    `proposes` and limits. Raises ValidationError, UnknownScope, PermissionDenied for the actor's
    role.
    """
    _require_administrator(by)
    secret = new_secret() if is_confidential else ""
    app = OAuthApp(id=key or uuid7(), secret_digest=digest_of(secret) if secret else "")
    _set(app, values)
    record_event(Kind.APP_CREATED, by, name=app.name)
    return app, secret


@transaction.atomic
def change_app(app: OAuthApp, values: dict[str, Any], by: Actor = NOBODY) -> None:
    """Change an app. Whoever let it in is asked anew if it may ask for something else now.

    Raises what `create_app` raises.
    """
    _require_administrator(by)
    asked = (set(app.scopes), app.proposes)
    _set(app, values)
    is_as_before = asked == (set(app.scopes), app.proposes)
    if not is_as_before:
        end_all(app, by)
    record_event(Kind.APP_CHANGED, by, name=app.name)


@transaction.atomic
def renew_app_secret(app: OAuthApp, by: Actor = NOBODY) -> str:
    """Return a new secret; the old one is good for nothing from now on."""
    _require_administrator(by)
    secret = new_secret()
    app.secret_digest = digest_of(secret)
    app.save(update_fields=["secret_digest"])
    record_event(Kind.APP_CHANGED, by, name=app.name)
    return secret


@transaction.atomic
def remove_app(app: OAuthApp, by: Actor = NOBODY) -> None:
    """Let the app in no more, whoever allowed it."""
    _require_administrator(by)
    end_all(app, by)
    app.removed_at = timezone.now()
    app.save(update_fields=["removed_at"])
    record_event(Kind.APP_REMOVED, by, name=app.name)


@transaction.atomic
def change_app_hosts(hosts: Sequence[str], by: Actor = NOBODY) -> None:
    """Let apps of these hosts come by themselves, and of no others. Raises ValidationError,
    PermissionDenied."""
    _require_administrator(by)
    row = lock_workspace()
    for host in hosts:
        if not is_host(host):
            raise ValidationError(_("“%(value)s” is no name of a host."), params={"value": host})
    row.app_hosts = list(dict.fromkeys(hosts))
    row.save(update_fields=["app_hosts"])
    record_event(Kind.SETTINGS_CHANGED, by, fields=["app_hosts"], hosts=row.app_hosts)


def _set(app: OAuthApp, values: dict[str, Any]) -> None:
    for address in values["redirect_uris"]:
        check_redirect(address)
    app.name = values["name"]
    app.redirect_uris = list(dict.fromkeys(values["redirect_uris"]))
    app.scopes = list(words_of(" ".join(values["scopes"])))
    app.days = values["days"]
    app.networks = list(values["networks"])
    app.proposes = bool(values.get("proposes"))
    for name in APP_LIMITS:
        setattr(app, name, values.get(name))
    app.full_clean()
    app.save()


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an owner or a manager may do this."))

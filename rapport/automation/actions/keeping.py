"""Making, changing and deleting webhooks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from rapport.accounts.actions.actor import NOBODY, Actor, lock_workspace, record_event
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.sealing import seal
from rapport.automation.actions.switching import now_in_log
from rapport.automation.models import Webhook
from rapport.automation.webhooks.checking import check, check_number
from rapport.automation.webhooks.rank import require_rank
from rapport.automation.webhooks.signing import new_secret
from rapport.kit.ids import uuid7

#: How long the secret before signs too: the time receivers have to learn the new one.
BOTH_SIGN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wish:
    """All that may be chosen of a webhook; `headers` None leaves those that are there."""

    name: str
    url: str
    objects: Sequence[str]
    events: Sequence[str] = tuple(Webhook.Event.values)
    condition: Any = None
    fields: Sequence[str] = ()
    hears_undo: bool = False
    hears_imports: bool = False
    headers: Mapping[str, str] | None = field(default=None, repr=False)


def wish_of(webhook: Webhook) -> Wish:
    """What was chosen of it; its headers stay as they are."""
    return Wish(
        webhook.name,
        webhook.url,
        webhook.objects_heard,
        webhook.events,
        webhook.condition,
        webhook.fields,
        webhook.hears_undo,
        webhook.hears_imports,
    )


@transaction.atomic
def create_webhook(
    owner: User, wish: Wish, by: Actor = NOBODY, *, key: UUID | None = None
) -> tuple[Webhook, str]:
    """Make a webhook that looks with the eyes of `owner`, and its secret, which is shown once.

    It hears of what happens from now on. Raises Rejected with a sentence for each field at fault,
    PermissionDenied.
    """
    require_rank(by, owner)
    lock_workspace()
    check_number()
    check(owner, wish)
    secret = new_secret()
    key = key or uuid7()
    webhook = Webhook(id=key, owner=owner, secret_sealed=seal(secret), since=now_in_log())
    _fill(webhook, wish)
    webhook.save()
    _note(webhook, by)
    return webhook, secret


@transaction.atomic
def change_webhook(webhook: Webhook, wish: Wish, by: Actor = NOBODY) -> None:
    """Change what it hears of and where it is. Raises Rejected, PermissionDenied."""
    require_rank(by, webhook.owner)
    check(webhook.owner, wish)
    _fill(webhook, wish)
    webhook.save(
        update_fields=[
            "name", "url", "objects_heard", "events", "condition", "fields", "hears_undo",
            "hears_imports", "headers_sealed",
        ]
    )  # fmt: skip
    _note(webhook, by)


@transaction.atomic
def delete_webhook(webhook: Webhook, by: Actor = NOBODY) -> None:
    """Forget it and all that was sent to it. Raises PermissionDenied."""
    require_rank(by, webhook.owner)
    _note(webhook, by)
    webhook.delete()


@transaction.atomic
def rotate_secret(webhook: Webhook, by: Actor = NOBODY) -> str:
    """Give it a new secret, which is returned; for a day the one before signs too. Raises
    PermissionDenied."""
    require_rank(by, webhook.owner)
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    secret = new_secret()
    Webhook.objects.filter(pk=webhook.pk).update(
        secret_sealed=seal(secret),
        old_secret_sealed=locked.secret_sealed,
        old_secret_until=timezone.now() + BOTH_SIGN,
    )
    webhook.refresh_from_db()
    _note(webhook, by)
    return secret


def _fill(webhook: Webhook, wish: Wish) -> None:
    webhook.name, webhook.url = wish.name.strip(), wish.url.strip()
    webhook.objects_heard = list(dict.fromkeys(wish.objects))
    webhook.events = [one for one in Webhook.Event.values if one in wish.events]
    webhook.condition, webhook.fields = wish.condition, list(dict.fromkeys(wish.fields))
    webhook.hears_undo, webhook.hears_imports = wish.hears_undo, wish.hears_imports
    if wish.headers is not None:
        webhook.headers_sealed = seal(json.dumps(dict(wish.headers)) if wish.headers else "")


def _note(webhook: Webhook, by: Actor) -> None:
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, webhook.owner, name=webhook.name)

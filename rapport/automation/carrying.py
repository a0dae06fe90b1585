"""Webhooks as files: what an instance has, and taking in another's, never with a secret.

Neither the secret nor what further headers say is in a file; an owner is known by his address, a
program with a place of its own by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.models import User
from rapport.automation.actions import (
    Wish,
    change_webhook,
    create_webhook,
    delete_webhook,
    switch_off,
)
from rapport.automation.models import Webhook
from rapport.records.metadata.further import Part, carry

WISHES = {
    "name": "name", "url": "url", "objects_heard": "objects", "events": "events",
    "condition": "condition", "fields": "fields", "hears_undo": "hears_undo",
    "hears_imports": "hears_imports",
}  # fmt: skip
PARTS = (*WISHES.values(), "owner", "is_service")


def present_webhooks() -> dict[str, dict[str, Any]]:
    """The webhooks of this instance by key."""
    return {str(one.pk): _facts(one) for one in Webhook.objects.select_related("owner")}


def take_webhook(key: UUID, facts: Mapping[str, Any]) -> None:
    """Have this webhook. A new one is off until somebody gave its receiver the secret it has here.

    Raises Rejected, LookupError.
    """
    wish = Wish(**{name: facts[name] for name in WISHES.values()})
    owner = _owner(facts)
    row = Webhook.objects.filter(pk=key).select_related("owner").first()
    if row is None:
        made, _secret = create_webhook(owner, wish, key=key)
        switch_off(made)
    elif row.owner_id != owner.pk:
        raise LookupError("a webhook of this key sees as somebody else here")
    else:
        change_webhook(row, wish)


def drop_webhook(key: UUID) -> None:
    """Forget a webhook that the files don't have."""
    delete_webhook(Webhook.objects.select_related("owner").get(pk=key))


def _facts(one: Webhook) -> dict[str, Any]:
    facts = {word: getattr(one, name) for name, word in WISHES.items()}
    owner = one.owner
    return facts | {
        "owner": owner.name if owner.is_service else owner.email, "is_service": owner.is_service,
    }  # fmt: skip


def _owner(facts: Mapping[str, Any]) -> User:
    is_service = bool(facts["is_service"])
    by = {"name" if is_service else "email": facts["owner"]}
    found = list(User.objects.filter(is_service=is_service, is_active=True, **by)[:2])
    if len(found) != 1:
        raise LookupError(f"there is no one called {facts['owner']} here to see for it")
    return found[0]


carry(Part("webhooks", PARTS, present_webhooks, take_webhook, drop_webhook))

"""Apps as files: what an instance has registered, and taking in another's, never with a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.models import OAuthApp
from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.oauth.registering import change_app, create_app, remove_app

VALUES = ("name", "redirect_uris", "scopes", "days", "networks", "proposes", *APP_LIMITS)
APP_PARTS = (*VALUES, "is_confidential")


def present_apps() -> dict[str, dict[str, Any]]:
    """The apps that were registered in this instance by key; those that came by themselves come
    elsewhere in the same way."""
    found = OAuthApp.objects.filter(removed_at=None, document_url="")
    return {str(one.pk): {name: getattr(one, name) for name in APP_PARTS} for one in found}


def take_app(key: UUID, facts: Mapping[str, Any]) -> None:
    """Have this app; a new one that keeps a secret is given one here, on its page.

    Raises ValidationError, LookupError, UnknownScope.
    """
    values = {name: facts.get(name) for name in VALUES}
    row = OAuthApp.objects.filter(pk=key).first()
    if row is None:
        create_app(values, is_confidential=bool(facts["is_confidential"]), key=key)
    elif row.is_confidential != facts["is_confidential"]:
        raise LookupError("an app of this key runs elsewhere here")
    else:
        row.removed_at = None
        change_app(row, values)


def drop_app(key: UUID) -> None:
    """Let an app in no more that the files don't have."""
    remove_app(OAuthApp.objects.get(pk=key))

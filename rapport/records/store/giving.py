"""Who may say how private a record is, and give a private one away: its owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.reaching import GIVE, KEEP
from rapport.records.store.errors import Rejected

#: What settles who sees a record that may be private, each with the action that changes it.
SETTLING = {"private": KEEP, "owner": GIVE}
COLUMNS = {"private": "private", "owner": "owner_id"}


def editing(declaration: type[Object], names: Collection[str]) -> str:
    """The action by which these fields of a record are changed."""
    if not declaration.may_be_private():
        return "edit"
    return next((action for name, action in SETTLING.items() if name in names), "edit")


def settling(declaration: type[Object], names: Collection[str]) -> list[str]:
    """The columns that say who sees a record, of those fields."""
    if not declaration.may_be_private():
        return []
    return [column for name, column in COLUMNS.items() if name in names]


def check_giving(
    principal: Principal,
    declaration: type[Object],
    record_id: UUID,
    values: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    """Raises Rejected unless what changes of who sees a record within his reach is his to change.

    `before` has what `settling` names; what stays as it is may be said by anybody.
    """
    changed = [
        name
        for name, column in COLUMNS.items()
        if column in before and str(values[name] or "") != str(before[column] or "")
    ]
    action = editing(declaration, changed)
    if action == "edit" or access.reachable(principal, declaration.name, [record_id], action):
        return
    raise Rejected(dict.fromkeys(changed, _("Only its owner can change that.")))

"""Who may say how private a record is, and give a private one away: its owner."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.reaching import GIVE, KEEP
from rapport.records.store.errors import Rejected

#: What settles who sees a record that may be private, each with the action that changes it.
SETTLING = {"private": KEEP, "owner": GIVE}


def editing(declaration: type[Object], names: Collection[str]) -> str:
    """The action by which these fields of a record are changed."""
    if not declaration.may_be_private():
        return "edit"
    return next((action for name, action in SETTLING.items() if name in names), "edit")


def check_giving(
    principal: Principal, declaration: type[Object], ids: Collection[UUID], names: Collection[str]
) -> None:
    """Raises Rejected unless these fields of records within his reach are his to change."""
    action = editing(declaration, names)
    if action == "edit":
        return
    if len(access.reachable(principal, declaration.name, ids, action)) == len(set(ids)):
        return
    says = _("Only its owner can change that.")
    raise Rejected({name: says for name in SETTLING if name in names})

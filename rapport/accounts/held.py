"""What each role grants alone; `identity` tells what all of somebody's grant together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapport.accounts.identity import Rules, grant_of, rules_together
from rapport.accounts.models import Grant as GrantRow
from rapport.accounts.models import Role
from rapport.accounts.principals import ACTIONS, Grant


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role with its grants and rules, by the names of objects."""

    role: Role
    grants: Mapping[str, Grant]
    rules: Rules


def roles_by_key() -> dict[str, HeldRole]:
    """Every role, in their order; two statements."""
    return {role.key: _held(role) for role in Role.objects.prefetch_related("grants")}


def _held(role: Role) -> HeldRole:
    scopes = {row.object_name: _scopes(row) for row in role.grants.all()}
    grants = {name: grant_of(one) for name, one in scopes.items()}
    return HeldRole(role, grants, rules_together([scopes]))


def _scopes(row: GrantRow) -> dict[str, Any]:
    return {action: getattr(row, f"{action}_scope") for action in ACTIONS} | {"rules": row.rules}

"""What a token may do: of what its user may at that moment no more than its scopes say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rapport.accounts.principals import (
    ACTIONS,
    EVERY_OBJECT,
    Grant,
    Principal,
    Scope,
    principal_of,
)

if TYPE_CHECKING:
    from rapport.accounts.models import ApiToken

#: What a token that only reads may do with any object.
READING = ("view", "export")

type Scopes = Mapping[str, Sequence[str]]


def for_token(token: ApiToken) -> Principal:
    """The principal of the token's user, narrowed to what the token may do."""
    principal = replace(principal_of(token.user), token_id=token.pk, is_narrowed=token.is_narrowed)
    if not token.may_write:
        principal = narrowed(principal, {EVERY_OBJECT: READING})
    return principal if token.scopes is None else narrowed(principal, token.scopes)


def for_proposals(token: ApiToken) -> Principal:
    """What somebody may propose by a token that only reads: what it could do if it wrote too."""
    principal = replace(principal_of(token.user), token_id=token.pk, is_narrowed=True)
    return principal if token.scopes is None else narrowed(principal, token.scopes)


def as_agent(principal: Principal) -> Principal:
    """The principal as a program that acts for him on its own: what he does is noted as its.

    Only a colleague has such programs; anybody else stays who he is, and is admitted nowhere.
    """
    return replace(principal, kind="agent") if principal.is_staff else principal


def as_directory(token: ApiToken) -> Principal:
    """Whoever comes with the directory's token: nobody to records, whatever its user may."""
    return Principal(kind="directory", name=token.user.name, token_id=token.pk)


def narrowed(principal: Principal, scopes: Scopes) -> Principal:
    """The principal with no other actions than `scopes` names; what he may not stays so."""
    names = {EVERY_OBJECT: None, **dict.fromkeys(principal.grants), **dict.fromkeys(scopes)}
    general = scopes.get(EVERY_OBJECT, ())
    grants = {name: _only(principal.grant(name), scopes.get(name, general)) for name in names}
    return replace(principal, grants=MappingProxyType(grants), is_narrowed=True)


def readable_scopes(given: Any) -> dict[str, list[str]]:
    """Scopes as they are kept: actions in their order. Raises ValueError for an unknown one."""
    found = {}
    for name, actions in dict(given).items():
        if unknown := set(actions) - set(ACTIONS):
            raise ValueError(f"Unknown actions: {', '.join(sorted(unknown))}")
        found[str(name)] = [action for action in ACTIONS if action in actions]
    return {name: actions for name, actions in found.items() if actions}


def _only(grant: Grant, actions: Sequence[str]) -> Grant:
    kept = {
        one.name: getattr(grant, one.name)
        for one in fields(Grant)
        if one.name.rstrip("_") in actions
    }
    nothing = {one.name: Scope.NONE for one in fields(Grant)}
    return Grant(**nothing | kept)

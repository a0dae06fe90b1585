"""The locks of this process, and whom each binds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.other import words


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as processes keep it; without fields it is on the whole record."""

    id: UUID
    name: Mapping[str, str]
    advice: Mapping[str, str]
    condition: Mapping[str, Any]
    fields: frozenset[str]
    editors: frozenset[str]

    def label(self, language: str) -> str:
        """What it is called."""
        return words(self.name, language)

    def covers(self, kind: Kind) -> bool:
        """Whether a change of the field would change what is locked, be it by another way in."""
        if not self.fields or kind.name in self.fields:
            return True
        if not kind.stored or kind.object is None:
            return False
        fields = kind.object.fields
        named = (fields[name] for name in self.fields & fields.keys())
        return any(columns_of(one) & columns_of(kind) for one in named if one.stored)

    def binds(self, principal: Principal) -> bool:
        """Whether the principal is held to it: owners, the roles it names and the house are not."""
        return principal.kind != "service" and self.editors.isdisjoint(principal.roles)


def columns_of(kind: Kind) -> frozenset[str]:
    """Where a field is read from and what writing it touches: a name as a whole sets its parts."""
    return frozenset(kind.paths) | frozenset(kind.written)


#: Replaced as a whole, so that no thread meets half of another.
_now: list[Mapping[str, tuple[Lock, ...]]] = [{}]
OWNER = "owner"


def keep(rows: Iterable[Any]) -> None:
    """Have the locks of these rows in place of those there were."""
    found: dict[str, tuple[Lock, ...]] = {}
    for row in rows:
        editors = frozenset(row.editors) | {OWNER}
        lock = Lock(row.id, row.name, row.advice, row.condition, frozenset(row.fields), editors)
        found[row.object] = (*found.get(row.object, ()), lock)
    _now[0] = found


def locks_of(declaration: type[Object]) -> tuple[Lock, ...]:
    """The locks on records of an object."""
    return _now[0].get(declaration.name, ())


def binding(principal: Principal, declaration: type[Object]) -> list[Lock]:
    """Those that this principal is held to."""
    return [lock for lock in locks_of(declaration) if lock.binds(principal)]

"""What conditions are asked of: the fields of a table and what is related to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions.related import RelatedSet, seen_sets
from rapport.records.conditions.shared import shared_kind
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind, Words


@dataclass(frozen=True, slots=True)
class Ground:
    """Fields and related records that a principal may ask for.

    Where rows lie between two records, what they don't say is asked of the record `beyond`.
    """

    label: Words
    fields: Mapping[str, Kind]
    sets: Mapping[str, RelatedSet] = field(default_factory=dict)
    declaration: type[Object] | None = None
    beyond: Ground | None = None

    def field(self, name: str) -> Kind | None:
        """The field of that name, here or beyond."""
        found = self.fields.get(name)
        return found if found or self.beyond is None else self.beyond.field(name)

    def related(self, name: str) -> RelatedSet | None:
        """The related records of that name, here or beyond."""
        found = self.sets.get(name)
        return found if found or self.beyond is None else self.beyond.related(name)


def ground_of(declaration: type[Object], principal: Principal) -> Ground:
    """The ground of an object for a principal."""
    readable = access.fields(principal, declaration.name).readable
    fields = {name: kind for name, kind in declaration.fields.items() if name in readable}
    if fields and (shared := shared_kind(registry.edition(), declaration.name)):
        fields[shared.name] = shared
    return Ground(declaration.label_plural, fields, seen_sets(declaration, principal), declaration)


def ground_in(related: RelatedSet, principal: Principal) -> Ground:
    """The ground of related records."""
    far = ground_of(registry.get(related.to), principal) if related.to else None
    if far and not related.subject:
        return far
    return Ground(far.label if far else related.label, related.fields, beyond=far)

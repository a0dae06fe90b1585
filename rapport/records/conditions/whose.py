"""Of which objects a condition names fields: its own, and those of records related to them."""

from __future__ import annotations

from collections.abc import Iterator

from rapport.records import registry
from rapport.records.conditions.related import sets_of
from rapport.records.conditions.tree import Changed, Condition, Group, Measure, Related, Rule, Was
from rapport.records.declare import Object
from rapport.records.kinds.relation import Relation


def fields_named(condition: Condition, declaration: type[Object]) -> Iterator[tuple[str, str]]:
    """The fields that a condition on records of an object names, each with the object it is of."""
    match condition:
        case Group(parts=parts):
            for part in parts:
                yield from fields_named(part, declaration)
        case Rule(field=path) | Changed(field=path) | Was(rule=Rule(field=path)):
            yield from _along(path, declaration)
        case Related(related=name, where=where) | Measure(related=name, where=where):
            yield (declaration.name, name)
            if (other := _other(declaration, name)) is not None:
                yield from fields_named(where, other)
                yield from _along(getattr(condition, "of", ""), other)


def _along(path: str, declaration: type[Object]) -> Iterator[tuple[str, str]]:
    name, _dot, rest = path.partition(".")
    if name:
        yield (declaration.name, name)
    other = _other(declaration, name) if rest else None
    if other is not None:
        yield from _along(rest, other)


def _other(declaration: type[Object], name: str) -> type[Object] | None:
    """The object that a relation leads to; None where it leads nowhere, or to anything."""
    kind = declaration.fields.get(name)
    if isinstance(kind, Relation):
        return _declared(kind.to)
    found = sets_of(declaration).get(name)
    return _declared(found.to) if found else None


def _declared(name: str) -> type[Object] | None:
    return registry.get(name) if registry.is_declared(name) else None

"""The details of a record: its fields by section, each editable where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from rapport.records import access
from rapport.records.drawing import is_cell_editable, property_value
from rapport.records.forms import form_parts
from rapport.records.surfaces.seen import Seen


@dataclass(frozen=True, slots=True)
class Property:
    """One field with its value drawn."""

    label: str
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """A section with the fields that hold something."""

    label: str
    properties: Sequence[Property]


def details(seen: Seen) -> tuple[Sequence[Group], Sequence[Property]]:
    """The filled fields by section, and all that are empty."""
    groups: list[Group] = []
    empty: list[Property] = []
    editable = _editable(seen)
    for part in form_parts(seen.declaration, seen.values.keys()):
        filled: list[Property] = []
        for name in part.names:
            is_blank = _is_blank(seen, name)
            if not is_blank or name in editable:
                (empty if is_blank else filled).append(_property(seen, name, editable))
        if filled:
            groups.append(Group(part.label, filled))
    return groups, empty


def _editable(seen: Seen) -> frozenset[str]:
    if not seen.may("edit"):
        return frozenset()
    allowed = access.fields(seen.context.principal, seen.declaration.name).editable
    fields = seen.declaration.fields
    return frozenset(name for name in allowed if is_cell_editable(fields[name]))


def _is_blank(seen: Seen, name: str) -> bool:
    return seen.declaration.fields[name].blank(seen.values.get(name))


def _property(seen: Seen, name: str, editable: frozenset[str]) -> Property:
    kind = seen.declaration.fields[name]
    url = f"{seen.url}cells/{name}/" if name in editable else ""
    return Property(str(kind.label), property_value(kind, seen.values.get(name), seen.context, url))

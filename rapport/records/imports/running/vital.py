"""With which fields a row stands or falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.imports.running.plan import KNOWN_KEY, Assigned, Plan
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows


def vital_fields(declaration: type[Object]) -> frozenset[str]:
    """The fields without which no row is taken: what must be there, and what must be unique."""
    vital = {name for name, kind in declaration.fields.items() if kind.required or kind.unique}
    return frozenset({declaration.title, *vital})


def telling_apart(declaration: type[Object]) -> frozenset[str]:
    """The fields that tell one record from another: a row needs them where it has no key of
    another program."""
    return frozenset(name for step in declaration.match for name in step)


def needed_fields(declaration: type[Object]) -> dict[str, Kind]:
    """The fields a record can't be without and that don't come by themselves; those that
    administrators made are asked of new records only (`ruled`)."""
    return {
        name: kind
        for name, kind in declaration.fields.items()
        if kind.required and kind.editable and kind.default is None and not kind.is_custom
    }


def is_nameless(plan: Plan, by_field: Mapping[str, Sequence[Assigned]]) -> bool:
    """Whether records need a name, have no column for it, and can be named by what they are
    about or by their number."""
    fields = plan.declaration.fields
    title = fields[plan.declaration.title]
    has_lines = any(isinstance(kind, Rows) and kind.file_parts for kind in fields.values())
    if not has_lines and not naming_relation(plan, by_field):
        return False
    is_needed = plan.declaration.title not in by_field and title.required and title.stored
    return bool(is_needed and title.type == "text")


def naming_relation(plan: Plan, by_field: Mapping[str, Sequence[Assigned]]) -> str:
    """The relation that names records which have no column for their name."""
    fields, by_key = plan.declaration.fields, ("external_id", KNOWN_KEY)
    relations = (
        (name, kind)
        for name, columns in by_field.items()
        if type(kind := fields[name]) is Relation and columns[0].match not in by_key
    )
    made = (name for name, kind in relations if registry.get(kind.to).made_on_the_fly)
    return next(made, "")

"""Measures of related records in formulas: which there may be, of what type, and stored where.

Each is stored beside the record under a key made of what it measures, so that two formulas share
one; `records/rollups` counts them and keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.utils.translation import gettext as _
from psycopg import sql

from rapport.records import registry
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.related import ACTIVITIES, RelatedSet, sets_of
from rapport.records.conditions.tree import Condition, Group
from rapport.records.conditions.wire import from_json
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.types import (
    CHOICE,
    DAY,
    FLAG,
    MOMENT,
    MONEY,
    NUMBER,
    RECORD,
    TEXT,
    Number,
    Type,
)
from rapport.records.expressions.wheres import house_context, kinds_asked, kinds_on
from rapport.records.kinds.base import Kind
from rapport.records.metadata.column import FORMS

DERIVED = "derived"
#: The value of the one record that a field points at.
VALUE = "value"
STORED: Mapping[str, str] = {
    NUMBER: "number", MONEY: "number", TEXT: "text", CHOICE: "text", FLAG: "flag", DAY: "date",
    MOMENT: "moment", RECORD: "uuid",
}  # fmt: skip
#: How many of the values that were put together were in another currency than the workspace's.
FAR = "far"
ADDING = frozenset({"count", "sum", FAR})
NUMERIC = frozenset({"sum", "average", "min", "max"})
ORDERED = frozenset({"min", "max", "latest", "earliest"})
NAMESPACE = uuid5(NAMESPACE_OID, "rapport.rollup")


@dataclass(frozen=True, slots=True)
class Spec:
    """What is measured: of which object, over which related records, which field, under which
    condition (as JSON text, so that it can be a key)."""

    object: str
    related: str
    measure: str
    of: str = ""
    where: str = "{}"

    @property
    def id(self) -> Any:
        """The key of the value, a UUID made of all that."""
        parts = (self.object, self.related, self.measure, self.of, self.where)
        return uuid5(NAMESPACE, json.dumps(parts))

    @property
    def is_mark(self) -> bool:
        """Whether it is a mark on the record itself (`completeness.marks`), not of related ones."""
        return not self.related

    @property
    def set(self) -> RelatedSet:
        """The related records. Raises LookupError where they are not declared any more."""
        return sets_of(registry.get(self.object))[self.related]

    @property
    def condition(self) -> Condition:
        """Which of them count."""
        tree = json.loads(self.where)
        return from_json(tree) if tree else Group()

    def definition(self) -> dict[str, str]:
        """As a row keeps it."""
        return {
            "related": self.related, "measure": self.measure, "of": self.of, "where": self.where,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A measure as a formula uses it: what, of which type, and what it is made of."""

    spec: Spec
    type: Type
    uses: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    whole: frozenset[str] = field(default_factory=frozenset)


def stored_node(stored: Stored, at: int) -> Node:
    """The stored value in the row."""
    look = FORMS[STORED[stored.type.name]].text.replace("{column}", "{row}{name}")
    text = f"coalesce({look}, 0)" if stored.spec.measure in ADDING else look
    literals = (
        ("name", sql.Identifier(DERIVED)),
        ("key", sql.Literal(stored.spec.id.hex)),
    )
    return Node(
        stored.type, text, (), literals, "stored", stored.spec, at, stored.uses, stored.whole,
        frozenset({stored.spec}),
    )  # fmt: skip


def measured_type(measure: str, of: Type | None, at: int) -> Type:
    """The type of a measure of values of a type, None for a count. Raises FormulaError."""
    if measure == "count" or of is None:
        return Number
    if measure in NUMERIC and of.name == NUMBER:
        return Number
    if measure in NUMERIC and of.name == MONEY and of.of.startswith("="):
        return of
    if measure in NUMERIC and of.name == MONEY:
        raise FormulaError(
            _("These amounts may be in different currencies, so they can't be put together."), at
        )
    if measure in ORDERED and of.name in (DAY, MOMENT):
        return of
    raise FormulaError(
        _("“%(measure)s” can't be asked of %(what)s.") % {"measure": measure, "what": of.words}, at
    )


def related_to(object: str, name: str, at: int) -> RelatedSet:
    """The related records of that name. Raises FormulaError for those that can't be kept."""
    sets = sets_of(registry.get(object))
    found = sets.get(name)
    if found is not None and found.name == ACTIVITIES:
        raise FormulaError(
            _("Activities are measured by their kind, like %(example)s.")
            % {"example": _latest_of_a_kind(sets)},
            at,
        )
    if found is None or not found.to:
        raise FormulaError(
            _("“%(name)s” can't be measured in a formula: what happened is not counted ahead.")
            % {"name": name[:40]},
            at,
        )
    return found


def _latest_of_a_kind(sets: Mapping[str, RelatedSet]) -> str:
    """A measure of activities of one kind, as one would write it."""
    for name, related in sets.items():
        far = registry.get(related.to) if related.to and not related.is_one else None
        if far is not None and far.timeline is not None and far.timeline.at in far.fields:
            return f"latest({name}.{far.timeline.at})"
    return "count(calls)"


def measured_kinds(spec: Spec, ground: Ground) -> list[Kind]:
    """The field that is measured, and before it those that lead to it; none for a count."""
    return kinds_on(spec.of, ground) or [] if spec.of else []


def kinds_read(spec: Spec) -> list[Kind]:
    """All fields that a measure of related records reads, those that lead to others among them."""
    ground = ground_in(spec.set, house_context().principal)
    return [*measured_kinds(spec, ground), *kinds_asked(spec.condition, ground)]

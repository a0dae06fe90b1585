"""Measures of related records in formulas: which there may be, of what type, and stored where.

Each is stored beside the record under a key made of what it measures, so that two formulas share
one; `records/rollups` counts them and keeps them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.utils.translation import gettext as _
from psycopg import sql

from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.related import ACTIVITIES, RelatedSet, sets_of
from rapport.records.conditions.text.parsing import TextReader
from rapport.records.conditions.text.writing import text_on
from rapport.records.conditions.tree import (
    Condition,
    ConditionError,
    Group,
    Rule,
    check_size,
    walk,
)
from rapport.records.conditions.wire import from_json, to_json
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
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.relation import Relation, UserRelation
from rapport.records.kinds.time import Dated
from rapport.records.metadata.column import FORMS

DERIVED = "derived"
#: The value of the one record that a field points at.
VALUE = "value"
STORED: Mapping[str, str] = {
    NUMBER: "number", MONEY: "number", TEXT: "text", CHOICE: "text", FLAG: "flag", DAY: "date",
    MOMENT: "moment", RECORD: "uuid",
}  # fmt: skip
ADDING = frozenset({"count", "sum"})
NUMERIC = frozenset({"sum", "average", "min", "max"})
ORDERED = frozenset({"min", "max", "latest", "earliest"})
ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")
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


def house_context() -> Context:
    """For whom measures are read: the house itself, so that they are the same for everybody."""
    return Context(service("formulas"))


def read_where(text: str, related: RelatedSet, at: int) -> tuple[Condition, str]:
    """The condition on related records, and as it is written by names. Raises FormulaError."""
    context = house_context()
    ground = ground_in(related, context.principal)
    try:
        condition = TextReader(text, ground, context).read_all()
        check_size(condition)
    except ConditionError as problem:
        raise FormulaError(problem.sentence, at + (problem.character or 0)) from None
    for part, _depth in walk(condition):
        fault = _fault(part, ground)
        if fault:
            raise FormulaError(fault, at)
    return condition, text_on(condition, ground, context)


def where_json(condition: Condition) -> str:
    """A condition as JSON, the same for the same."""
    return json.dumps(to_json(condition), sort_keys=True)


def _fault(part: Condition, ground: Ground) -> str:
    """What of a condition is not followed."""
    if isinstance(part, Group):
        return ""
    if not isinstance(part, Rule):
        return _(
            "A measure in a formula asks for fields of the related records only, not for what is "
            "related to them or for what was."
        )
    kinds = kinds_on(part.field, ground)
    if kinds is None:
        return _("A measure in a formula only leads from one record to the one it points at.")
    last = kinds[-1]
    if isinstance(last, UserRelation) and part.op == "named":
        return _("A measure in a formula can't ask for colleagues by name.")
    return ""


def kinds_on(path: str, ground: Ground) -> list[Kind] | None:
    """The fields that a dotted path names, one after the other; None where it leaves the way that
    is followed: from a record to the one it points at."""
    found: list[Kind] = []
    *steps, last = path.split(".")
    here: Ground = ground
    for step in steps:
        related = here.related(step)
        kind = here.field(step)
        if related is None or not related.is_one or kind is None:
            return None
        found.append(kind)
        here = ground_in(related, house_context().principal)
    kind = here.field(last)
    if kind is None:
        return [] if last == "id" and found else None
    return [*found, kind]


def measured_kinds(spec: Spec, ground: Ground) -> list[Kind]:
    """The field that is measured, and before it those that lead to it; none for a count."""
    return kinds_on(spec.of, ground) or [] if spec.of else []


def is_dated(condition: Condition, ground: Ground) -> bool:
    """Whether other records meet a condition tomorrow, though nothing has changed."""
    return any(
        (kinds := kinds_on(rule.field, ground)) and _is_relative(rule, kinds[-1])
        for rule in rules_of(condition)
    )


def _is_relative(rule: Rule, kind: Kind) -> bool:
    if not isinstance(kind, Dated) or rule.op in ("empty", "filled"):
        return False
    values = rule.value if isinstance(rule.value, list) else [rule.value]
    return rule.op == "in" or not all(ISO.fullmatch(str(one)) for one in values)


def rules_of(condition: Condition) -> Iterator[Rule]:
    """The rules of a condition."""
    for part, _depth in walk(condition):
        if isinstance(part, Rule):
            yield part


def inputs_of(condition: Condition, ground: Ground) -> Iterator[tuple[str, str]]:
    """The fields that a condition reads, as (object, field)."""
    for rule in rules_of(condition):
        for kind in kinds_on(rule.field, ground) or ():
            if kind.object is not None:
                yield kind.object.name, kind.name
            if isinstance(kind, Relation) and registry.is_declared(kind.to) and rule.op == "named":
                yield kind.to, registry.get(kind.to).title


def reached_by(condition: Condition, ground: Ground) -> Iterator[str]:
    """The objects of the records that a condition leads to."""
    for rule in rules_of(condition):
        kinds = kinds_on(rule.field, ground) or []
        beyond = kinds if rule.op == "named" else kinds[:-1]
        yield from (kind.to for kind in beyond if isinstance(kind, Relation) and kind.to != "user")

"""The condition of a measure: which there may be, which fields it reads, where it leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.shared import SharedWith
from rapport.records.conditions.text.parsing import TextReader
from rapport.records.conditions.text.writing import text_on
from rapport.records.conditions.tree import (
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    check_size,
)
from rapport.records.conditions.wire import to_json
from rapport.records.expressions.errors import FormulaError
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.relation import Relation, UserRelation
from rapport.records.kinds.time import Dated

ISO = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


def house_context() -> Context:
    """For whom measures are read: the house itself, so that they are the same for everybody."""
    return Context(replace(service("formulas"), is_common=True))


def read_where(text: str, related: RelatedSet, at: int) -> tuple[Condition, str]:
    """The condition on related records, and as it is written by names. Raises FormulaError."""
    context = house_context()
    ground = ground_in(related, context.principal)
    try:
        condition = TextReader(text, ground, context).read_all()
        check_size(condition)
    except ConditionError as problem:
        raise FormulaError(problem.sentence, at + (problem.character or 0)) from None
    fault = _fault(condition, ground)
    if fault:
        raise FormulaError(fault, at)
    return condition, text_on(condition, ground, context)


def where_json(condition: Condition) -> str:
    """A condition as JSON, the same for the same."""
    return json.dumps(to_json(condition), sort_keys=True)


@dataclass(frozen=True, slots=True)
class Nested:
    """Records related to those that a condition is asked of, as one of its parts asks for them."""

    related: RelatedSet
    where: Condition
    #: What is asked of a measure of them: the field, the operator and the value.
    rule: Rule | None = None

    @property
    def ground(self) -> Ground:
        """What the condition on them is asked of."""
        return ground_in(self.related, house_context().principal)

    @property
    def kind(self) -> Kind | None:
        """The field that is measured."""
        return self.ground.field(self.rule.field) if self.rule and self.rule.field else None


def _parts(condition: Condition) -> Iterator[Condition]:
    """The parts of a condition on its own ground."""
    if isinstance(condition, Group):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def _nested(part: Related | Measure, ground: Ground) -> Nested | None:
    """What a part asks of related records; None where they are not followed."""
    head, dot, rest = part.related.partition(".")
    related = ground.related(head)
    if related is None or not related.to:
        return None
    if dot:
        return Nested(related, replace(part, related=rest))
    if isinstance(part, Related):
        return Nested(related, part.where)
    return Nested(related, part.where, Rule(part.of, part.op, part.value))


def rules_of(condition: Condition) -> list[Rule]:
    """The rules of a condition on its own ground."""
    return [part for part in _parts(condition) if isinstance(part, Rule)]


def nested_in(condition: Condition, ground: Ground) -> list[Nested]:
    """What a condition asks of records that are related to its own."""
    parts = [part for part in _parts(condition) if isinstance(part, Related | Measure)]
    return [found for part in parts if (found := _nested(part, ground)) is not None]


def _fault(condition: Condition, ground: Ground) -> str:
    """What of a condition is not followed; empty if all of it is."""
    return next(filter(None, (_fault_of(part, ground) for part in _parts(condition))), "")


def _fault_of(part: Condition, ground: Ground) -> str:
    if isinstance(part, Related | Measure):
        found = _nested(part, ground)
        if found is None:
            return _("“%(name)s” can't be measured in a formula: what happened is not counted "
                     "ahead.") % {"name": part.related[:40]}  # fmt: skip
        return _fault(found.where, found.ground)
    if not isinstance(part, Rule):
        return _(
            "A measure in a formula asks for what the related records are now, not for what they "
            "were."
        )
    kinds = kinds_on(part.field, ground)
    if kinds is None:
        return _(
            "A dotted name in a formula leads from one record to the one it points at. Ask for "
            "several in brackets, like %(example)s."
        ) % {"example": _in_brackets(part.field)}
    if isinstance(kinds[-1], SharedWith):
        return _("A measure in a formula can't ask with whom records are shared.")
    if isinstance(kinds[-1], UserRelation) and part.op == "named":
        return _("A measure in a formula can't ask for colleagues by name.")
    return ""


def _in_brackets(path: str) -> str:
    head, _dot, rest = path[:60].partition(".")
    return f"{head}:({rest}:…)"


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


def kinds_asked(condition: Condition, ground: Ground) -> list[Kind]:
    """All fields that a condition reads, of related records too."""
    found = [kind for rule in rules_of(condition) for kind in kinds_on(rule.field, ground) or ()]
    for one in nested_in(condition, ground):
        found += kinds_asked(one.where, one.ground)
        found += [one.kind] if one.kind else []
    return found


def is_dated(condition: Condition, ground: Ground) -> bool:
    """Whether other records meet a condition tomorrow, though nothing has changed."""
    for rule in rules_of(condition):
        kinds = kinds_on(rule.field, ground)
        if kinds and _is_relative(rule, kinds[-1]):
            return True
    return any(
        is_dated(one.where, one.ground)
        or (one.rule is not None and one.kind is not None and _is_relative(one.rule, one.kind))
        for one in nested_in(condition, ground)
    )


def _is_relative(rule: Rule, kind: Kind) -> bool:
    if not isinstance(kind, Dated) or rule.op in ("empty", "filled"):
        return False
    values = rule.value if isinstance(rule.value, list) else [rule.value]
    return rule.op == "in" or not all(ISO.fullmatch(str(one)) for one in values)


def inputs_of(condition: Condition, ground: Ground) -> Iterator[tuple[str, str]]:
    """The fields that a condition reads, as (object, field)."""
    for rule in rules_of(condition):
        for kind in kinds_on(rule.field, ground) or ():
            if kind.object is not None:
                yield kind.object.name, kind.name
            if isinstance(kind, Relation) and registry.is_declared(kind.to) and rule.op == "named":
                yield kind.to, registry.get(kind.to).title
    for one in nested_in(condition, ground):
        yield from one.related.needs
        if one.kind is not None and one.kind.object is not None:
            yield one.kind.object.name, one.kind.name
        yield from inputs_of(one.where, one.ground)


def reached_by(condition: Condition, ground: Ground) -> Iterator[str]:
    """The objects of the records that a condition leads to."""
    for rule in rules_of(condition):
        kinds = kinds_on(rule.field, ground) or []
        beyond = kinds if rule.op == "named" else kinds[:-1]
        yield from (kind.to for kind in beyond if isinstance(kind, Relation) and kind.to != "user")
    for one in nested_in(condition, ground):
        yield one.related.to
        yield from reached_by(one.where, one.ground)

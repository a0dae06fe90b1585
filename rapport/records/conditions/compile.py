"""A condition as SQL, for one principal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.hashable import make_hashable
from django.utils.translation import gettext as _

from rapport.records.conditions import past
from rapport.records.conditions.asked import Asked
from rapport.records.conditions.gathering import measured
from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.joining import Joined, grouped, join, some
from rapport.records.conditions.named import called
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.tree import (
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    check_size,
)
from rapport.records.conditions.wire import joined_place
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable

COMPARING = ("gt", "gte", "lt", "lte")
BY_ID = ("is", "not", "any", "none")
#: Over a relation to one record these are what their opposites are not, with no record too.
OPPOSITES = {"not": "is", "none": "any", "empty": "filled"}


def compile_condition(condition: Condition, declaration: type[Object], context: Context) -> Q:
    """The rows for which the condition holds. Raises ConditionError like `ask`."""
    return ask(condition, declaration, context).where


def ask(
    condition: Condition, declaration: type[Object], context: Context, *, few: bool = False
) -> Asked:
    """The rows for which the condition holds; with `few`, made for a handful of known rows.

    Raises ConditionError for a field or related records the principal may not read (as for what
    isn't there), an operator the field's kind doesn't have, or a value that can't be read.
    """
    check_size(condition)
    return Compiler(context, few).ask(condition, ground_of(declaration, context.principal))


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes SQL of the parts of a condition, each on the ground it is asked of."""

    context: Context
    few: bool = False

    def ask(self, condition: Condition, ground: Ground, place: str = "") -> Asked:
        """The rows of the ground for which the condition holds. Raises ConditionError."""
        try:
            return self._ask(condition, ground, place)
        except ConditionError as problem:
            problem.place = problem.place or place
            raise

    def _ask(self, condition: Condition, ground: Ground, place: str) -> Asked:
        match condition:
            case Rule():
                return self.rule(condition, ground)
            case Group():
                return self._group(condition, ground, place)
            case Related():
                return self._related(condition, ground, place)
            case Measure():
                return self._measure(condition, ground, place)
            case Changed():
                return self._changed(condition, ground)
            case Was():
                return self._was(condition, ground)

    def _group(self, group: Group, ground: Ground, place: str) -> Asked:
        parts = [
            self.ask(part, ground, joined_place(place, f"{group.mode}[{number}]"))
            for number, part in enumerate(group.parts)
        ]
        return grouped(group.mode, parts)

    # Fields ----------------------------------------------------------------------------------

    def rule(self, rule: Rule, ground: Ground) -> Asked:
        """The rows for which one rule holds. Raises ConditionError."""
        head, dot, rest = rule.field.partition(".")
        if dot:
            return self._over(head, rest, rule, ground)
        if rule.field == "id" and ground.declaration is not None:
            return _by_id(rule)
        kind = ground.fields.get(rule.field)
        if kind is None:
            raise unknown(rule.field, ground)
        check_operator(rule, kind.label, kind.operators)
        if rule.op == "named":
            asked = called(kind, rule.value, self.context)
            return Asked(asked.where, (rule.field, "named", asked.key))
        return self._own(rule, kind)

    def _own(self, rule: Rule, kind: Kind) -> Asked:
        try:
            argument = argument_of(rule, kind, self.context)
            where, key = kind.asked(rule.op, argument, self.context)
        except Invalid as problem:
            raise ConditionError(str(problem), rule.field) from None
        return Asked(where, (rule.field, rule.op, make_hashable(argument), key))

    def _over(self, head: str, rest: str, rule: Rule, ground: Ground) -> Asked:
        """A rule on a field of a related record."""
        related = ground.sets.get(head)
        if related is None:
            if kind := ground.fields.get(head):
                check_operator(Rule(head, rest), kind.label, kind.operators)
            raise unknown(rule.field, ground)
        is_turned = related.is_one and rule.op in OPPOSITES
        inner = Rule(rest, OPPOSITES[rule.op] if is_turned else rule.op, rule.value)
        try:
            found = self._some(related, inner, "")
        except ConditionError as problem:
            problem.field = f"{head}.{problem.field}"
            raise
        return Asked(~found.where if is_turned else found.where, (is_turned, found.key))

    # What is related -------------------------------------------------------------------------

    def _related(self, condition: Related, ground: Ground, place: str) -> Asked:
        head, dot, rest = condition.related.partition(".")
        related = self._set(head, ground)
        where = Related(rest, condition.where) if dot else condition.where
        found = self._some(related, where, place if dot else joined_place(place, "where"))
        is_none = condition.has == "none"
        asked = ~found.where if is_none else found.where
        return Asked(asked, ("related", condition.has, found.key))

    def _some(self, related: RelatedSet, where: Condition, place: str) -> Asked:
        joined = self._joined(related, where, place)
        return Asked(some(joined, few=self.few), (related.name, joined.key))

    def _joined(self, related: RelatedSet, where: Condition, place: str) -> Joined:
        """The related rows that meet `where`."""
        return join(related, where, self.context.principal, self.ask, place)

    def _measure(self, condition: Measure, ground: Ground, place: str) -> Asked:
        head, dot, rest = condition.related.partition(".")
        related = self._set(head, ground)
        if dot:
            inner = Measure(
                rest, condition.measure, condition.op, condition.value, condition.of,
                condition.where,
            )  # fmt: skip
            return self._some(related, inner, place)
        joined = self._joined(related, condition.where, joined_place(place, "where"))
        found = measured(condition, joined, ground_in(related, self.context.principal),
                         self.context, few=self.few)  # fmt: skip
        return Asked(found.where, (related.name, condition.measure, joined.key, found.key))

    def _set(self, name: str, ground: Ground) -> RelatedSet:
        related = ground.sets.get(name)
        if related is None:
            raise ConditionError(
                _("%(objects)s have no related “%(name)s”.")
                % {"objects": ground.label, "name": name[:60]},
                name[:60],
            )
        return related

    # The past --------------------------------------------------------------------------------

    def _changed(self, condition: Changed, ground: Ground) -> Asked:
        kind = self._kept(condition.field, ground)
        where, key = past.changed(condition, kind, self.context)
        return Asked(where, ("changed", condition.field, key))

    def _was(self, condition: Was, ground: Ground) -> Asked:
        kind = self._kept(condition.rule.field, ground)
        now = self.rule(condition.rule, ground)
        where, key = past.was(condition, kind, now.where, self.context)
        return Asked(where, ("was", now.key, key))

    def _kept(self, name: str, ground: Ground) -> Kind:
        """A field of which the log keeps what it was."""
        kind = ground.fields.get(name)
        if kind is None or ground.declaration is None:
            raise unknown(name, ground)
        if not past.is_kept(kind):
            raise ConditionError(
                _("What “%(field)s” was is not kept.") % {"field": kind.label}, name
            )
        return kind


def unknown(name: str, ground: Ground) -> ConditionError:
    """The same for a field that isn't there and for one that is not to be read."""
    return ConditionError(
        _("%(objects)s have no field “%(field)s”.") % {"objects": ground.label, "field": name[:60]},
        name[:60],
    )


def check_operator(rule: Rule, label: Any, operators: tuple[str, ...]) -> None:
    """Raises ConditionError for an operator that is not one of these."""
    if rule.op not in operators:
        raise ConditionError(
            _("“%(field)s” can't be asked with “%(op)s”. It takes: %(ops)s.")
            % {"field": label, "op": rule.op[:20], "ops": ", ".join(operators) or "–"},
            rule.field,
        )


def argument_of(rule: Rule, kind: Kind, context: Context) -> Any:
    """The right side of a rule. Raises Invalid."""
    if not is_storable(rule.value):
        raise Invalid(
            _("What “%(field)s” is asked for holds a character that can't be stored.")
            % {"field": kind.label}
        )
    argument = kind.argument(rule.op, rule.value, context)
    if rule.op in COMPARING and argument is None:
        raise Invalid(_("“%(field)s” needs a value to compare with.") % {"field": kind.label})
    return argument


def _by_id(rule: Rule) -> Asked:
    check_operator(rule, "id", BY_ID)
    several = rule.value if isinstance(rule.value, list) else str(rule.value).split(",")
    try:
        wanted = [UUID(str(one).strip()) for one in several]
    except ValueError:
        raise ConditionError(_("An id looks like a UUID."), "id") from None
    found = Q(pk__in=wanted)
    is_refused = rule.op in ("not", "none")
    return Asked(~found if is_refused else found, ("id", rule.op, tuple(wanted)))

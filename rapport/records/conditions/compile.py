"""A condition as SQL, for one principal."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.hashable import make_hashable
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.conditions.tree import Condition, ConditionError, Group, Rule
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable

COMPARING = ("gt", "gte", "lt", "lte")
BY_ID = ("is", "not", "any", "none")


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition as SQL, and a key: conditions of one object with the same key ask the same."""

    where: Q
    key: Hashable


def compile_condition(condition: Condition, declaration: type[Object], context: Context) -> Q:
    """The rows for which the condition holds. Raises ConditionError like `ask`."""
    return ask(condition, declaration, context).where


def ask(condition: Condition, declaration: type[Object], context: Context) -> Asked:
    """The rows for which the condition holds.

    Raises ConditionError for a field the principal may not read (as for one that isn't there),
    an operator the field's kind doesn't have, or a value that can't be read.
    """
    readable = access.fields(context.principal, declaration.name).readable
    return _part(condition, declaration, context, readable)


def _part(
    condition: Condition, declaration: type[Object], context: Context, readable: frozenset[str]
) -> Asked:
    if isinstance(condition, Rule):
        return _rule(condition, declaration, context, readable)
    return _group(condition, declaration, context, readable)


def _group(
    group: Group, declaration: type[Object], context: Context, readable: frozenset[str]
) -> Asked:
    parts = [_part(part, declaration, context, readable) for part in group.parts]
    key = (group.mode, *(part.key for part in parts))
    if not parts:
        return Asked(Q(), key)
    connector = Q.AND if group.mode == "all" else Q.OR
    joined = Q(*(part.where for part in parts), _connector=connector)
    return Asked(~joined if group.mode == "none" else joined, key)


def _rule(
    rule: Rule, declaration: type[Object], context: Context, readable: frozenset[str]
) -> Asked:
    if rule.field == "id":
        return _by_id(rule)
    kind = declaration.fields.get(rule.field)
    if kind is None or rule.field not in readable:
        raise ConditionError(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": rule.field[:60]},
            rule.field[:60],
        )
    _check_operator(rule, kind.label, kind.operators)
    try:
        argument = _argument(rule, kind, context)
        where = kind.condition(rule.op, argument)
    except Invalid as problem:
        raise ConditionError(str(problem), rule.field) from None
    return Asked(where, (rule.field, rule.op, make_hashable(argument)))


def _check_operator(rule: Rule, label: Any, operators: tuple[str, ...]) -> None:
    if rule.op not in operators:
        raise ConditionError(
            _("“%(field)s” can't be asked with “%(op)s”. It takes: %(ops)s.")
            % {"field": label, "op": rule.op[:20], "ops": ", ".join(operators) or "–"},
            rule.field,
        )


def _argument(rule: Rule, kind: Kind, context: Context) -> Any:
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
    _check_operator(rule, "id", BY_ID)
    several = rule.value if isinstance(rule.value, list) else str(rule.value).split(",")
    try:
        wanted = [UUID(str(one).strip()) for one in several]
    except ValueError:
        raise ConditionError(_("An id looks like a UUID."), "id") from None
    found = Q(pk__in=wanted)
    is_refused = rule.op in ("not", "none")
    return Asked(~found if is_refused else found, ("id", rule.op, tuple(wanted)))

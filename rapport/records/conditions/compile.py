"""A condition as SQL, for one principal."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.conditions.tree import Condition, ConditionError, Group, Rule
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid


def compile_condition(condition: Condition, declaration: type[Object], context: Context) -> Q:
    """The rows for which the condition holds.

    Raises ConditionError for a field the principal may not read (as for one that isn't there),
    an operator the field's kind doesn't have, or a value that can't be read.
    """
    readable = access.fields(context.principal, declaration.name).readable
    return _part(condition, declaration, context, readable)


def _part(
    condition: Condition, declaration: type[Object], context: Context, readable: frozenset[str]
) -> Q:
    if isinstance(condition, Rule):
        return _rule(condition, declaration, context, readable)
    return _group(condition, declaration, context, readable)


def _group(
    group: Group, declaration: type[Object], context: Context, readable: frozenset[str]
) -> Q:
    parts = [_part(part, declaration, context, readable) for part in group.parts]
    if not parts:
        return Q()
    joined = Q(*parts, _connector=Q.AND if group.mode == "all" else Q.OR)
    return ~joined if group.mode == "none" else joined


def _rule(rule: Rule, declaration: type[Object], context: Context, readable: frozenset[str]) -> Q:
    kind = declaration.fields.get(rule.field)
    if kind is None or rule.field not in readable:
        raise ConditionError(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": declaration.label_plural, "field": rule.field[:60]},
            rule.field[:60],
        )
    if rule.op not in kind.operators:
        raise ConditionError(
            _("“%(field)s” can't be asked with “%(op)s”. It takes: %(ops)s.")
            % {"field": kind.label, "op": rule.op[:20], "ops": ", ".join(kind.operators) or "–"},
            rule.field,
        )
    try:
        return kind.condition(rule.op, kind.argument(rule.op, rule.value, context))
    except Invalid as problem:
        raise ConditionError(str(problem), rule.field) from None

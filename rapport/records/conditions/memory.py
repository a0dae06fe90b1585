"""Conditions on values that are not stored yet, such as those of a form.

A small subset: own fields, and what their kinds can tell without the database. A property test
keeps it equal to the SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.conditions.compile import argument_of, check_operator, unknown
from rapport.records.conditions.ground import Ground, ground_of
from rapport.records.conditions.text.shaping import simplified
from rapport.records.conditions.tree import Condition, ConditionError, Group, Rule
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid
from rapport.records.kinds.comparing import NotTold


def holds(
    condition: Condition, values: Mapping[str, Any], declaration: type[Object], context: Context
) -> bool:
    """Whether the condition holds for these values, by field; those left out are blank.

    Raises ConditionError like `ask`, and for conditions that only the database can answer.
    """
    ground = ground_of(declaration, context.principal)
    return _holds(simplified(condition), values, ground, context)


def check_in_memory(condition: Condition, declaration: type[Object], context: Context) -> None:
    """Raises ConditionError for a condition that `holds` can't answer."""
    holds(condition, {}, declaration, context)


def _holds(
    condition: Condition, values: Mapping[str, Any], ground: Ground, context: Context
) -> bool:
    if isinstance(condition, Rule):
        return _rule(condition, values, ground, context)
    if not isinstance(condition, Group):
        raise ConditionError(_("This can only be asked of records that are stored."))
    # All are looked at, so that a part that can't be told is refused whatever the others say.
    told = [_holds(part, values, ground, context) for part in condition.parts]
    match condition.mode:
        case "any":
            return any(told)
        case "none":
            return not any(told)
    return all(told)


def _rule(rule: Rule, values: Mapping[str, Any], ground: Ground, context: Context) -> bool:
    kind = ground.fields.get(rule.field)
    if kind is None:
        raise unknown(rule.field, ground)
    check_operator(rule, kind.label, kind.operators)
    try:
        argument = argument_of(rule, kind, context)
        return kind.holds(rule.op, argument, values.get(rule.field))
    except NotTold:
        raise ConditionError(
            _("“%(field)s” can only be asked so of records that are stored.")
            % {"field": kind.label},
            rule.field,
        ) from None
    except Invalid as problem:
        raise ConditionError(str(problem), rule.field) from None

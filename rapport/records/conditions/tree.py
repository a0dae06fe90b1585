"""The tree of conditions: rules under all / any / none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

DEEPEST = 12


class ConditionError(ValueError):
    """A condition that can't be asked; the message is a sentence, `field` names the culprit."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Rule:
    """`field op value`, the value still as it was written."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all, any or none must hold."""

    parts: tuple[Condition, ...] = ()
    mode: str = "all"


type Condition = Rule | Group


def from_json(data: Any, *, deeper: int = DEEPEST) -> Condition:
    """`{"field","op","value"}` or `{"all"|"any"|"none": [...]}`. Raises ConditionError."""
    if not isinstance(data, dict):
        raise ConditionError(_("A condition is an object with a field, or with all, any or none."))
    if not deeper:
        raise ConditionError(_("These conditions are nested too deeply."))
    for mode in ("all", "any", "none"):
        if mode in data:
            parts = data[mode]
            if not isinstance(parts, list):
                raise ConditionError(_("“%(mode)s” takes a list of conditions.") % {"mode": mode})
            return Group(tuple(from_json(part, deeper=deeper - 1) for part in parts), mode)
    if "field" not in data:
        raise ConditionError(_("A rule needs a field."))
    return Rule(str(data["field"]), str(data.get("op", "is")), data.get("value"))


def to_json(condition: Condition) -> dict[str, Any]:
    """The JSON form, which `from_json` reads back."""
    if isinstance(condition, Group):
        return {condition.mode: [to_json(part) for part in condition.parts]}
    return {"field": condition.field, "op": condition.op, "value": condition.value}

"""Filters as chips: field, operator, value, remove; each part is its own control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.conditions import Condition, Group, Rule
from rapport.records.kinds.base import Invalid, Kind
from rapport.records.surfaces.listing.state import ListState


def operator_words(kind: Kind) -> dict[str, str]:
    """The operators of a kind in the reader's words."""
    dated = kind.type in ("date", "datetime")
    every = {
        "in": _("is in the period"),
        "is": _("is"),
        "not": _("is not"),
        "contains": _("contains"),
        "starts": _("starts with"),
        "any": _("is one of"),
        "none": _("is none of"),
        "named": _("is called"),
        "empty": _("is empty"),
        "filled": _("is filled in"),
        "gt": _("after") if dated else _("more than"),
        "gte": _("from") if dated else _("at least"),
        "lt": _("before") if dated else _("less than"),
        "lte": _("until") if dated else _("at most"),
    }
    return {op: every[op] for op in kind.operators}


@dataclass(frozen=True, slots=True)
class Chip:
    """One rule as the filter bar shows it; without an address to edit it, it can only go."""

    label: str
    op: str
    value: str
    edit_url: str
    remove_url: str


def chips(state: ListState) -> tuple[Chip, ...]:
    """A chip for every rule that the reader may see."""
    return tuple(
        chip
        for number, rule in enumerate(state.rules)
        if (chip := _chip(rule, number, state)) is not None
    )


def _chip(rule: Condition, number: int, state: ListState) -> Chip | None:
    remove = state.url(condition=state.without(rule))
    if not isinstance(rule, Rule):
        return Chip(_("Filter"), "", condition_words(rule, state), "", remove)
    kind = state.declaration.fields.get(rule.field)
    if kind is None:
        return None
    edit = f"{state.declaration.url()}filter/?{state.query()}&_edit={number}"
    op = operator_words(kind).get(rule.op, rule.op)
    return Chip(str(kind.label), op, _value(rule, kind, state), edit, remove)


def condition_words(condition: Condition, state: ListState) -> str:
    """A condition in a few words; what has no words of its own is counted."""
    if isinstance(condition, Rule):
        kind = state.declaration.fields.get(condition.field)
        if kind is None:
            return condition.field
        op = operator_words(kind).get(condition.op, condition.op)
        return " ".join(filter(None, [str(kind.label), op, _value(condition, kind, state)]))
    if not isinstance(condition, Group):
        return _("more conditions")
    joint = _(" or ") if condition.mode == "any" else _(" and ")
    inner = joint.join(condition_words(part, state) for part in condition.parts)
    return _("not (%(conditions)s)") % {"conditions": inner} if condition.mode == "none" else inner


def _value(rule: Rule, kind: Kind, state: ListState) -> str:
    if rule.op in ("empty", "filled"):
        return ""
    try:
        argument: Any = kind.argument(rule.op, rule.value, state.context)
    except Invalid:
        return str(rule.value)
    values = argument if isinstance(argument, list) else [argument]
    return ", ".join(kind.told(one, state.context) or str(rule.value) for one in values)

"""Filters as chips: field, operator, value, remove; each part is its own control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.conditions import Rule
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
    """One rule as the filter bar shows it."""

    label: str
    op: str
    value: str
    edit_url: str
    remove_url: str


def chips(state: ListState) -> tuple[Chip, ...]:
    """A chip for every rule that the reader may see."""
    made = []
    for number, rule in enumerate(state.condition.parts):
        kind = state.declaration.fields.get(rule.field) if isinstance(rule, Rule) else None
        if kind is None or not isinstance(rule, Rule):
            continue
        edit = f"{state.declaration.url()}filter/?{state.query()}&_edit={number}"
        remove = state.url(condition=state.without(rule))
        made.append(
            Chip(
                str(kind.label),
                operator_words(kind).get(rule.op, rule.op),
                _value(rule, kind, state),
                edit,
                remove,
            )
        )
    return tuple(made)


def _value(rule: Rule, kind: Kind, state: ListState) -> str:
    if rule.op in ("empty", "filled"):
        return ""
    try:
        argument: Any = kind.argument(rule.op, rule.value, state.context)
    except Invalid:
        return str(rule.value)
    values = argument if isinstance(argument, list) else [argument]
    return ", ".join(kind.told(one, state.context) or str(rule.value) for one in values)

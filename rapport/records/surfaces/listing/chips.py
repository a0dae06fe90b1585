"""Filters as chips: field, operator, value, remove; each part is its own control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from rapport.records.conditions import Condition, Rule, sentence
from rapport.records.conditions.words import WRITTEN_ONLY, operator_words
from rapport.records.kinds.base import Invalid, Kind
from rapport.records.surfaces.listing.state import ListState


@dataclass(frozen=True, slots=True)
class Chip:
    """One rule as the filter bar shows it; `is_built` says that the builder edits it."""

    label: str
    op: str
    value: str
    edit_url: str
    remove_url: str
    is_built: bool = False


def chips(state: ListState) -> tuple[Chip, ...]:
    """A chip for every rule that the reader may see."""
    return tuple(
        chip
        for number, rule in enumerate(state.rules)
        if (chip := _chip(rule, number, state)) is not None
    )


def _chip(rule: Condition, number: int, state: ListState) -> Chip | None:
    remove = state.url(condition=state.without(rule))
    kind = state.declaration.fields.get(rule.field) if isinstance(rule, Rule) else None
    if kind is None or not isinstance(rule, Rule) or rule.op in WRITTEN_ONLY:
        built = build_url(state)
        return Chip(_("Filter"), "", condition_words(rule, state), built, remove, is_built=True)
    edit = f"{state.declaration.url()}filter/?{state.query()}&_edit={number}"
    op = operator_words(kind).get(rule.op, rule.op)
    return Chip(str(kind.label), op, _value(rule, kind, state), edit, remove)


def build_url(state: ListState) -> str:
    """Where the whole condition of the list is built."""
    layout = urlencode({"_layout": state.definition.layout})
    query = state.query()
    return f"{state.declaration.url()}conditions/?{query}{'&' if query else ''}{layout}"


def condition_words(condition: Condition, state: ListState) -> str:
    """A condition as a sentence."""
    return sentence(condition, state.declaration, state.context)


def _value(rule: Rule, kind: Kind, state: ListState) -> str:
    if rule.op in ("empty", "filled"):
        return ""
    if rule.op not in kind.operators:
        return str(rule.value)
    try:
        argument: Any = kind.argument(rule.op, rule.value, state.context)
    except Invalid:
        return str(rule.value)
    values = argument if isinstance(argument, list) else [argument]
    return ", ".join(kind.told(one, state.context) or str(rule.value) for one in values)

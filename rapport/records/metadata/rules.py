"""Which fields of a record matter, which it must have and which choices there are, by its values.

The store holds writers to it; forms ask the same while they are filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.records.conditions import ConditionError, from_json, holds, named_fields
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.metadata.kept import InCustom
from rapport.records.store.errors import Rejected


@dataclass(frozen=True, slots=True)
class Asked:
    """Fields that don't matter, fields that must be filled, and the choices there are."""

    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)


def ruled(declaration: type[Object]) -> list[InCustom]:
    """The fields for which something holds only sometimes."""
    return [
        kind
        for kind in declaration.fields.values()
        if isinstance(kind, InCustom)
        and (kind.visible_when or kind.required_when or kind.controlled_by)
    ]


def touched_by(declaration: type[Object], names: Collection[str]) -> list[InCustom]:
    """Those whose rules a change of these fields may make hold or not."""
    given = set(names)
    return [kind for kind in ruled(declaration) if given & needed_by(kind)]


def needed_by(kind: InCustom) -> set[str]:
    """The fields whose values its rules ask for, itself among them."""
    named = {kind.name, kind.controlled_by} - {""}
    for tree in (kind.visible_when, kind.required_when):
        if tree:
            named |= named_fields(from_json(tree))
    return named


def begins_with(declaration: type[Object]) -> dict[str, Any]:
    """The values that a new record has where nobody gives another one."""
    return {
        name: kind.default
        for name, kind in declaration.fields.items()
        if kind.default is not None and not callable(kind.default)
    }


def asked_of(declaration: type[Object], values: Mapping[str, Any], language: str) -> Asked:
    """What is asked for when these are the values, by field; those left out are blank."""
    context = Context(service("rules"), language)
    kinds = ruled(declaration)
    hidden = {one.name for one in kinds if not _holds(one.visible_when, values, one, context, True)}
    required = {
        one.name
        for one in kinds
        if one.name not in hidden and _holds(one.required_when, values, one, context, False)
    }
    choices = {
        one.name: _choices(one, values.get(one.controlled_by))
        for one in kinds
        if one.controlled_by in declaration.fields
    }
    return Asked(frozenset(hidden), frozenset(required), choices)


def check_rules(
    declaration: type[Object], given: Collection[str], values: Mapping[str, Any], language: str
) -> None:
    """Raises Rejected where a record with these values would break a rule; `given` are the fields
    that are being written."""
    faults = broken_by(declaration, given, values, language)
    if faults:
        raise Rejected(faults)


def broken_by(
    declaration: type[Object],
    given: Collection[str],
    values: Mapping[str, Any],
    language: str,
    *,
    is_strict: bool = True,
) -> dict[str, str]:
    """A sentence for each field whose rule these values break; unless strict, what has no place in
    the record may be given all the same."""
    asked = asked_of(declaration, values, language)
    faults: dict[str, str] = {}
    for kind in touched_by(declaration, given):
        value = values.get(kind.name)
        said = {"field": kind.label}
        if kind.name in asked.hidden:
            if is_strict and kind.name in given and not kind.blank(value):
                faults[kind.name] = _("%(field)s has no place in this record.") % said
        elif kind.name in asked.required and kind.blank(value):
            faults[kind.name] = _("%(field)s can't be empty here.") % said
        elif not _fits(value, asked.choices.get(kind.name)):
            faults[kind.name] = _("%(field)s has no such choice here.") % said
    return faults


def _holds(
    tree: Mapping[str, Any],
    values: Mapping[str, Any],
    kind: InCustom,
    context: Context,
    otherwise: bool,
) -> bool:
    """Whether a rule holds; one that names a field which is gone asks nothing of anybody."""
    if not tree or kind.object is None:
        return otherwise
    try:
        return holds(from_json(tree), values, kind.object, context)
    except ConditionError:
        return otherwise


def _choices(kind: InCustom, controlling: Any) -> frozenset[str]:
    options: Mapping[str, Any] = getattr(kind, "options", {})
    always = frozenset(options) - kind.choices_for.keys()
    return always | {key for key, values in kind.choices_for.items() if controlling in values}


def _fits(value: Any, choices: frozenset[str] | None) -> bool:
    if choices is None or not value:
        return True
    return set(value if isinstance(value, list) else [value]) <= choices

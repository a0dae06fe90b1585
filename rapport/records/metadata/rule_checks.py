"""What the rules of a field may be: sentences at what they can't be."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.conditions import ConditionError, check_in_memory, from_json, named_fields
from rapport.records.kinds.base import Context
from rapport.records.kinds.choice import Choice, Choices
from rapport.records.models import CustomField

RULES = ("visible_when", "required_when")


def rule_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    """A sentence for each rule that can't be."""
    for part in RULES:
        if fault := _condition_fault(row, part):
            yield part, fault
    if row.visible_when and row.required:
        yield "required", _("A field that only sometimes matters can't always be required.")
    yield from _control_faults(row)


def _condition_fault(row: CustomField, part: str) -> str:
    if not getattr(row, part):
        return ""
    try:
        condition = from_json(getattr(row, part))
        check_in_memory(condition, registry.get(row.object), Context(service("metadata")))
    except ConditionError as problem:
        return str(problem)
    if row.name in named_fields(condition):
        return _("A field can't ask for itself.")
    return ""


def _control_faults(row: CustomField) -> Iterator[tuple[str, str]]:
    if not row.controlled_by:
        return
    other = registry.get(row.object).fields.get(row.controlled_by)
    is_choice = isinstance(other, Choice) and not isinstance(other, Choices)
    if row.kind not in ("choice", "choices") or not is_choice or row.controlled_by == row.name:
        yield "controlled_by", _("Choices can depend on another choice of the same record only.")
        return
    keys = set(other.options) if isinstance(other, Choice) else set()
    if any(set(one.get("for") or ()) - keys for one in row.options):
        yield "options", _("A choice depends on what the other field doesn't have.")

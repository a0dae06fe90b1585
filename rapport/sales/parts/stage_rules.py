"""What a stage holds of rules: the fields it asks for, and when a deal may go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, from_text, sentence, to_json
from rapport.records.conditions import to_text as text_of
from rapport.records.kinds import Choices, Context, Invalid, Kind, column
from rapport.records.kinds.base import Words
from rapport.records.ruled import fault_of
from rapport.records.views.kinds import ConditionTree

#: Fields that follow from the stage itself.
OF_STAGES = {"stage", "pipeline", "probability", "closed_at"}


class DealFields(Choices):
    """Fields of a deal that can be empty and that people fill in."""

    type = "deal_fields"

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(label, {}, **rest)

    @property
    def options(self) -> dict[str, Words]:
        """What is declared now, with the fields of administrators."""
        return {name: kind.label for name, kind in fields_to_ask().items()}

    @options.setter
    def options(self, _nothing: Any) -> None:
        """They are not given, but declared."""


class ExitCondition(ConditionTree):
    """A condition on deals, typed as text or sent as a tree."""

    type = "deal_condition"

    def parse(self, raw: Any, context: Context) -> Any:
        if isinstance(raw, str) and raw.strip() and not raw.lstrip().startswith("{"):
            return self.formed(_tree_of(raw, context))
        return super().parse(raw, context)

    def formed(self, value: Any) -> Any:
        """The tree, if it can be asked of deals."""
        if fault := fault_of("deal", value):
            raise Invalid(fault)
        return value

    def typed(self, value: Any, context: Context) -> str:
        if not value:
            return ""
        try:
            return text_of(from_json(value), registry.get("deal"), context)
        except ConditionError:
            return super().typed(value, context)

    def plain(self, value: Any, context: Context) -> str:
        return told(value, context) if value else ""

    def export(self, value: Any, context: Context) -> str:
        return super().typed(value, context) if value else ""

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return Kind.input(self, text, context, attributes)


def _tree_of(text: str, context: Context) -> Mapping[str, Any]:
    try:
        return to_json(from_text(text, registry.get("deal"), context))
    except ConditionError as problem:
        raise Invalid(str(problem)) from None


def fields_to_ask() -> dict[str, Kind]:
    """The fields of a deal that a stage can ask for."""
    if not registry.is_declared("deal"):
        return {}
    return {
        name: kind
        for name, kind in registry.get("deal").fields.items()
        if kind.editable and "empty" in kind.operators and name not in OF_STAGES
        and not kind.required
    }  # fmt: skip


def told(tree: Mapping[str, Any], context: Context) -> str:
    """The condition in words."""
    try:
        return sentence(from_json(tree), registry.get("deal"), context)
    except ConditionError:
        return _("a condition that can't be asked any more")


deal_fields = column(DealFields)
exit_condition = column(ExitCondition)

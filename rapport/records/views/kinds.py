"""Kinds of what a view holds: a condition, names of fields, widths, rules of colour."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Choice, Context, Invalid, Json, column
from rapport.records.kinds.base import Words
from rapport.records.kinds.text import Text

MOST_NAMES = 60
MOST_COLOURS = 12
NARROWEST, WIDEST = 48, 960
TONES: Mapping[str, Words] = {
    "good": gettext_lazy("Green"),
    "warn": gettext_lazy("Amber"),
    "bad": gettext_lazy("Red"),
    "info": gettext_lazy("Blue"),
    "brand": gettext_lazy("Spruce"),
    "quiet": gettext_lazy("Grey"),
}


class ObjectName(Choice):
    """The object that something is about."""

    def __init__(self, label: Words, **rest: Any) -> None:
        super().__init__(label, {}, **rest)

    @property
    def options(self) -> dict[str, Words]:
        """Every object that is declared, by its plural."""
        from rapport.records import registry

        own = self.object.name if self.object else ""
        return {one.name: one.label_plural for one in registry.all_objects() if one.name != own}

    @options.setter
    def options(self, _nothing: Any) -> None:
        """They are not given, but declared."""

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"x-rule": "What is saved stays with its object."}


class FieldName(Text):
    """The name of a field of the object that a view is about, as an address has it."""

    type = "field_name"


class Structured(Json, ABC):
    """JSON of a certain form, never null."""

    empty: ClassVar[Any] = None

    def model_field(self) -> models.Field[Any, Any]:
        empty = self.empty
        return models.JSONField(self.label, default=type(empty), db_default=empty, blank=True)

    def parse(self, raw: Any, context: Context) -> Any:
        value = super().parse(raw, context)
        if value is None or value == self.empty:
            return self.empty
        return self.formed(value)

    @abstractmethod
    def formed(self, value: Any) -> Any:
        """The value in its form. Raises Invalid."""

    def wrong(self) -> Invalid:
        """What is said of a value of another form."""
        return Invalid(_("%(field)s don't have this form.") % {"field": self.label})

    def blank(self, value: Any) -> bool:
        return not value

    def is_empty(self) -> Q:
        return Q(**{self.path: self.empty})


def check_tree(value: Any) -> None:
    """Raises Invalid for what can't be read as a condition."""
    # Conditions look at the tables that these kinds are columns of.
    from rapport.records.conditions import ConditionError, from_json

    try:
        from_json(value)
    except ConditionError as problem:
        raise Invalid(str(problem)) from None


class ConditionTree(Structured):
    """A tree of conditions, in the form that the API takes as `filter`."""

    type = "condition"
    empty: ClassVar[Any] = {}

    def formed(self, value: Any) -> Any:
        """The value, if it can be read as a condition."""
        check_tree(value)
        return value

    def describe(self) -> dict[str, Any]:
        return {"type": "object"}


class Names(Structured):
    """A list of names, each once."""

    type = "names"
    empty: ClassVar[Any] = []

    def formed(self, value: Any) -> Any:
        """The names in their order."""
        if not isinstance(value, list) or len(value) > MOST_NAMES:
            raise self.wrong()
        if not all(isinstance(one, str) and 0 < len(one) <= 100 for one in value):
            raise self.wrong()
        return list(dict.fromkeys(value))

    def plain(self, value: Any, context: Context) -> str:
        return ", ".join(value or [])

    def describe(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}


class Widths(Structured):
    """Widths in pixels by the name of a column."""

    type = "widths"
    empty: ClassVar[Any] = {}

    def formed(self, value: Any) -> Any:
        """The widths, none too small to see or too large to fit."""
        if not isinstance(value, dict) or len(value) > MOST_NAMES:
            raise self.wrong()
        for name, width in value.items():
            if not isinstance(width, int) or isinstance(width, bool) or len(name) > 100:
                raise self.wrong()
        return {name: min(max(width, NARROWEST), WIDEST) for name, width in value.items()}

    def plain(self, value: Any, context: Context) -> str:
        return ", ".join(f"{name} {width}" for name, width in (value or {}).items())

    def describe(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "integer"}}


class Colours(Structured):
    """Rules of colour, `{"when": condition, "tone": name}`; the first that holds counts."""

    type = "colours"
    empty: ClassVar[Any] = []

    def formed(self, value: Any) -> Any:
        """The rules, each with a condition and a tone."""
        if not isinstance(value, list) or len(value) > MOST_COLOURS:
            raise self.wrong()
        return [self._rule(one) for one in value]

    def _rule(self, rule: Any) -> dict[str, Any]:
        tone = rule.get("tone") if isinstance(rule, dict) else None
        if not isinstance(tone, str) or tone not in TONES:
            raise Invalid(_("A colour is one of: %(names)s.") % {"names": ", ".join(TONES)})
        check_tree(rule.get("when"))
        return {"when": rule["when"], "tone": tone}

    def describe(self) -> dict[str, Any]:
        rule = {
            "type": "object",
            "properties": {
                "when": {"type": "object"},
                "tone": {"type": "string", "enum": list(TONES)},
            },
        }
        return {"type": "array", "items": rule}


object_name = column(ObjectName)
field_name = column(FieldName)
condition = column(ConditionTree)
names = column(Names)
widths = column(Widths)
colours = column(Colours)

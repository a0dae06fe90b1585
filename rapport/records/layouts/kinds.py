"""Kinds of what a layout holds: its object, its team, and the arrangement itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import Team
from rapport.records.kinds import Context, Invalid, column
from rapport.records.kinds.base import Words
from rapport.records.kinds.other import words
from rapport.records.kinds.text import Text
from rapport.records.layouts.arrangement import BOTH, PLACES, USUAL_COLUMNS
from rapport.records.views.kinds import ObjectName, Structured

LONGEST_LABEL = 80
MOST_SECTIONS = 40
MOST_FIELDS = 500
TONGUE = re.compile(r"[a-z]{2}")


class ArrangedObject(ObjectName):
    """An object whose pages can be arranged."""

    @property
    def options(self) -> dict[str, Words]:
        """Those that people work with, by their plural."""
        from rapport.records import registry

        every = registry.all_objects()
        return {one.name: one.label_plural for one in every if can_be_arranged(one)}

    @options.setter
    def options(self, _nothing: Any) -> None:
        """They are not given, but declared."""


def can_be_arranged(declaration: Any) -> bool:
    """Whether an administrator may arrange pages of these records."""
    return bool(declaration.trait == "mutable" and declaration.importable)


class TeamKey(Text):
    """The key of a team, or nothing; people see its name."""

    type = "team"

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return ""
        try:
            key = UUID(text)
        except ValueError:
            raise Invalid(_("There is no such team.")) from None
        if not Team.objects.filter(pk=key).exists():
            raise Invalid(_("There is no such team."))
        return str(key)

    def plain(self, value: Any, context: Context) -> str:
        found = Team.objects.filter(pk=value).first() if value else None
        return found.name if found else ""


class ArrangementTree(Structured):
    """Sections, `{"label": {language: text}, "columns": 1 or 2, "fields": [{"name", "on"}]}`, where
    `on` is both (if left out), page or form; and `hidden`, the names of fields on neither."""

    type = "arrangement"
    empty: ClassVar[Any] = {}

    def formed(self, value: Any) -> Any:
        """The arrangement in its form, each field once."""
        if not isinstance(value, dict) or value.keys() - {"sections", "hidden"}:
            raise self.wrong()
        sections, hidden = value.get("sections", []), value.get("hidden", [])
        if not isinstance(sections, list) or len(sections) > MOST_SECTIONS:
            raise self.wrong()
        made: dict[str, Any] = {
            "sections": [self._section(one) for one in sections],
            "hidden": self._names(hidden),
        }
        named = [one["name"] for part in made["sections"] for one in part["fields"]]
        twice = {name for name in named if named.count(name) > 1} | {*named} & {*made["hidden"]}
        if twice:
            raise Invalid(_("“%(field)s” stands there twice.") % {"field": min(twice)})
        return made

    def _section(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or value.keys() - {"label", "columns", "fields"}:
            raise self.wrong()
        columns, fields = value.get("columns", USUAL_COLUMNS), value.get("fields", [])
        if columns not in (1, 2) or isinstance(columns, bool) or not isinstance(fields, list):
            raise self.wrong()
        label = self._label(value.get("label"))
        return {"label": label, "columns": columns, "fields": [self._field(one) for one in fields]}

    def _label(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.wrong()
        label = {tongue: text.strip() for tongue, text in value.items() if text.strip()}
        if not all(TONGUE.fullmatch(str(one)) for one in label):
            raise self.wrong()
        if not label or any(len(text) > LONGEST_LABEL for text in label.values()):
            raise Invalid(
                _("Give each section a name of at most %(n)d characters.") % {"n": LONGEST_LABEL}
            )
        return label

    def _field(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or value.keys() - {"name", "on"}:
            raise self.wrong()
        (name,) = self._names([value.get("name")])
        on = value.get("on", BOTH)
        if on not in PLACES:
            raise self.wrong()
        return {"name": name} if on == BOTH else {"name": name, "on": on}

    def _names(self, value: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > MOST_FIELDS:
            raise self.wrong()
        if not all(isinstance(one, str) and 0 < len(one) <= 100 for one in value):
            raise self.wrong()
        return list(dict.fromkeys(value))

    def plain(self, value: Any, context: Context) -> str:
        """Each section with its fields, for the history."""
        sections: list[Mapping[str, Any]] = (value or {}).get("sections", [])
        return "; ".join(
            f"{words(one['label'], context.language)}: "
            + ", ".join(field["name"] for field in one["fields"])
            for one in sections
        )

    def describe(self) -> dict[str, Any]:
        field = {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "on": {"type": "string", "enum": list(PLACES)},
            },
        }
        section = {
            "type": "object",
            "properties": {
                "label": {"type": "object", "additionalProperties": {"type": "string"}},
                "columns": {"type": "integer", "enum": [1, 2]},
                "fields": {"type": "array", "items": field},
            },
        }
        hidden = {"type": "array", "items": {"type": "string"}}
        parts = {"sections": {"type": "array", "items": section}, "hidden": hidden}
        return {"type": "object", "properties": parts}


arranged_object = column(ArrangedObject)
team_key = column(TeamKey)
arrangement = column(ArrangementTree)

"""One field of a form: its label, its input as the kind draws it, its help and its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rapport.records.kinds import Choices
from rapport.records.kinds.base import Context, Kind


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field ready for a template."""

    name: str
    kind: Kind
    id: str
    input: SafeString
    error: str = ""
    autofocus: bool = False

    @property
    def label(self) -> str:
        """What the field is called."""
        return str(self.kind.label)

    @property
    def help(self) -> str:
        """What helps to fill it in."""
        return str(self.kind.help)

    @property
    def is_tick(self) -> bool:
        """Whether it is one tick box, whose label follows it."""
        return self.kind.type == "boolean"

    @property
    def is_group(self) -> bool:
        """Whether it is several inputs, which need a heading instead of a label."""
        return isinstance(self.kind, Choices)

    @property
    def is_wide(self) -> bool:
        """Whether it wants the whole width of the form."""
        return self.kind.long or not self.kind.stored


def bind_fields(
    kinds: Mapping[str, Kind],
    context: Context,
    values: Mapping[str, Any],
    *,
    prefix: str = "f",
    errors: Mapping[str, str] | None = None,
) -> dict[str, BoundField]:
    """Fields that show values."""
    return {
        name: _bound(name, kind, kind.edit, values.get(name), context, prefix, errors or {})
        for name, kind in kinds.items()
    }


def raw_fields(
    kinds: Mapping[str, Kind],
    context: Context,
    raws: Mapping[str, Any],
    *,
    prefix: str = "f",
    errors: Mapping[str, str] | None = None,
) -> dict[str, BoundField]:
    """Fields that show what was typed, valid or not; one that was not asked for yet is blank."""
    blank = QueryDict()
    typed = {
        name: raws[name] if name in raws else kind.posted(blank, name)
        for name, kind in kinds.items()
    }
    return {
        name: _bound(name, kind, kind.retype, typed[name], context, prefix, errors or {})
        for name, kind in kinds.items()
    }


def _bound(
    name: str,
    kind: Kind,
    draw: Any,
    content: Any,
    context: Context,
    prefix: str,
    errors: Mapping[str, str],
) -> BoundField:
    key = f"{prefix}-{name}"
    error = str(errors.get(name, ""))
    attributes = input_attributes(kind, key, name, error)
    return BoundField(name, kind, key, draw(content, context, attributes), error)


def input_attributes(kind: Kind, key: str, name: str, error: str = "") -> SafeString:
    """Id and name, and what tells a screen reader of help, error and need."""
    notes = {f"{key}-help": kind.help, f"{key}-error": error}
    described = " ".join(note for note, text in notes.items() if text)
    return format_html(
        'id="{}" name="{}"{}{}{}',
        key,
        name,
        format_html(' aria-describedby="{}"', described) if described else "",
        SafeString(' aria-invalid="true"') if error else "",
        SafeString(' aria-required="true"') if kind.required else "",
    )

"""The input for the right side of a filter rule, by kind."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from rapport.records.conditions import Rule
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.choice import Boolean, Choice, select

ATTRIBUTES = format_html('id="{}" name="{}"', "rule-value", "_value")


def rule_input(kind: Kind, rule: Rule | None, context: Context) -> SafeString:
    """Choices as a list of several, yes or no as a list of two, all else as it is typed."""
    value = str(rule.value or "") if rule else ""
    if isinstance(kind, Choice):
        chosen = set(value.split(","))
        options = [(key, str(label), key in chosen) for key, label in kind.options.items()]
        return select(ATTRIBUTES, options, multiple=True)
    if isinstance(kind, Boolean):
        return select(
            ATTRIBUTES,
            [(key, kind.plain(key == "true", context), key == value) for key in ("true", "false")],
        )
    return _typed(kind, value)


def _typed(kind: Kind, value: str) -> SafeString:
    if kind.type == "user":
        return format_html(
            '<input type="text" class="in" data-lookup="user" {} value="{}" autocomplete="off">',
            ATTRIBUTES,
            value,
        )
    to: Any = getattr(kind, "to", "")
    if to:
        return format_html(
            '<input type="text" class="in" data-lookup="{}" {} value="{}" autocomplete="off">',
            to,
            ATTRIBUTES,
            value,
        )
    form = "date" if kind.type in ("date", "datetime") else "text"
    return format_html('<input type="{}" class="in" {} value="{}">', form, ATTRIBUTES, value)

"""The input for the right side of a filter rule, by kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.conditions import Rule
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.choice import Boolean, Choice, select
from rapport.records.kinds.periods import OFFERED, period_words
from rapport.records.kinds.relation import Links
from rapport.records.kinds.time import Dated

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
    return _typed(kind, value, context)


def _typed(kind: Kind, value: str, context: Context) -> SafeString:
    to: Any = getattr(kind, "to", "") or ("any" if isinstance(kind, Links) else "")
    if to:
        return format_html(
            '<input type="text" class="in" data-lookup="{}" data-title="{}" {} value="{}" '
            'autocomplete="off">',
            to,
            _name_of(to, value, context),
            ATTRIBUTES,
            value,
        )
    if isinstance(kind, Dated):
        return _dated(value)
    return format_html('<input type="text" class="in" {} value="{}">', ATTRIBUTES, value)


def _dated(value: str) -> SafeString:
    """A day, or a period; the style sheet shows the one that the comparison asks for."""
    is_named = bool(value) and not value[:1].isdigit()
    offered = OFFERED if value in OFFERED or not is_named else (value, *OFFERED)
    options = [(word, period_words(word), word == value) for word in offered]
    return format_html(
        '<input type="date" class="in rule-day" {} value="{}"><span class="rule-period">{}</span>',
        ATTRIBUTES,
        "" if is_named else value,
        select(format_html('name="_period" aria-label="{}"', _("Period")), options),
    )


def _name_of(to: str, value: str, context: Context) -> str:
    """What the record of an open rule is called, where it is one."""
    try:
        key = UUID(value.rpartition(":")[2])
    except ValueError:
        return value
    name = to if to != "any" else value.partition(":")[0]
    known = {one.name for one in access.visible_objects(context.principal)} | {"user"}
    found = (
        access.titles(context.principal, [(name, key)], context.language) if name in known else {}
    )
    return found[key].text if key in found else ""

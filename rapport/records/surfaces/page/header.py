"""The head of a record's page: facts, and the verbs one may use on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Action, Object
from rapport.records.kinds.base import Kind
from rapport.records.surfaces.seen import Seen

#: Buttons that stand in the head before the rest goes into the menu.
BUTTONS = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the head."""

    label: str
    shown: SafeString
    is_number: bool


@dataclass(frozen=True, slots=True)
class Verb:
    """One action as a button: a dialog when it asks something, else a plain press."""

    name: str
    label: str
    icon: str
    url: str
    asks: bool


def facts(seen: Seen) -> Sequence[Fact]:
    """The declared facts in their order."""
    return [_fact(seen, name) for name in seen.declaration.header if name in seen.values]


def _fact(seen: Seen, name: str) -> Fact:
    kind = seen.declaration.fields[name]
    value = seen.values[name]
    shown = kind.show(value, seen.context)
    if shown and getattr(kind, "why", None) is not None:
        shown = explained(kind, value, shown, seen)
    return Fact(str(kind.label), shown, kind.numeric)


def explained(kind: Kind, value: Any, shown: SafeString, seen: Seen) -> SafeString:
    """A computed value that opens what made it; one that is a control itself stays that."""
    if any(mark in shown for mark in ("<a ", "<button")):
        return shown
    text = kind.plain(value, seen.context) if isinstance(value, str | int | float) else ""
    return format_html(
        '<button class="why" type="button" data-dialog-url="{}why/{}/">{}'
        '<span class="vh">, {}</span></button>',
        seen.url,
        kind.name,
        shown or text,
        _("ask why"),
    )


def subtitle(seen: Seen) -> SafeString:
    """The second line under the name."""
    name = seen.declaration.subtitle
    if not name or seen.values.get(name) is None:
        return SafeString("")
    return seen.declaration.fields[name].show(seen.values[name], seen.context)


def verbs(seen: Seen) -> Sequence[Verb]:
    """The actions that apply to this record and that the reader may do."""
    return [
        Verb(one.name, str(one.label), one.icon, f"{seen.url}actions/{one.name}/", bool(one.form))
        for one in seen.declaration.actions
        if _applies(one, seen)
    ]


def _applies(action: Action, seen: Seen) -> bool:
    return seen.may(action.needs) and (action.applies is None or action.applies(seen.record))


def action_of(declaration: type[Object], name: str) -> Action | None:
    """The declared action of that name."""
    return next((one for one in declaration.actions if one.name == name), None)

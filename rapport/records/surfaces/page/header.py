"""The head of a record's page: facts, and the verbs one may use on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.records.declare import Action, Object
from rapport.records.kinds.base import Kind
from rapport.records.surfaces.seen import Seen
from rapport.ui.components import avatar, icon
from rapport.ui.html import Markup, joined, trusted

ICON = Markup('<span class="av org xl face" aria-hidden="true">{}</span>')
FACT = Markup("<div><dt>{}</dt><dd{}>{}</dd></div>")
WHY = Markup(
    '<button class="why" type="button" data-dialog-url="{}why/{}/">{}'
    '<span class="vh">, {}</span></button>'
)
NOTHING = trusted('<span class="muted">–</span>')
#: Buttons that stand in the head before the rest goes into the menu.
BUTTONS = 4


@dataclass(frozen=True, slots=True)
class Verb:
    """One action as a button: a dialog when it asks something, else a plain press."""

    name: str
    label: str
    icon: str
    asks: bool


def face(seen: Seen) -> SafeString:
    """Initials, or the icon of objects that are no one."""
    declaration = seen.declaration
    if declaration.face:
        return avatar(seen.name, seen.id, org=declaration.face == "org", size="xl")
    return ICON(icon(declaration.icon))


def facts(seen: Seen) -> SafeString:
    """The declared facts in their order."""
    return joined(
        "", [_fact(seen, name) for name in seen.declaration.header if name in seen.values]
    )


def _fact(seen: Seen, name: str) -> SafeString:
    kind = seen.declaration.fields[name]
    value = seen.values[name]
    shown = kind.show(value, seen.context)
    if shown and getattr(kind, "why", None) is not None:
        shown = explained(kind, value, shown, seen)
    number = trusted(' class="num"' if kind.numeric else "")
    return FACT(kind.label, number, shown or NOTHING)


def explained(kind: Kind, value: Any, shown: SafeString, seen: Seen) -> SafeString:
    """A computed value that opens what made it; one that is a control itself stays that."""
    if any(mark in shown for mark in ("<a ", "<button")):
        return shown
    text = kind.plain(value, seen.context) if isinstance(value, str | int | float) else ""
    return WHY(seen.url, kind.name, shown or text, _("ask why"))


def subtitle(seen: Seen) -> SafeString:
    """The second line under the name."""
    name = seen.declaration.subtitle
    if not name or seen.values.get(name) is None:
        return SafeString("")
    return seen.declaration.fields[name].show(seen.values[name], seen.context)


def verbs(seen: Seen) -> Sequence[Verb]:
    """The actions that apply to this record and that the reader may do."""
    return [
        Verb(one.name, str(one.label), one.icon, bool(one.form))
        for one in seen.declaration.actions
        if _applies(one, seen)
    ]


def _applies(action: Action, seen: Seen) -> bool:
    return seen.may(action.needs) and (action.applies is None or action.applies(seen.record))


def action_of(declaration: type[Object], name: str) -> Action | None:
    """The declared action of that name."""
    return next((one for one in declaration.actions if one.name == name), None)

"""Commands of the palette: go to a list, create a record, open a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access

FEW = 6


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the palette can do."""

    label: str
    url: str
    icon: str
    dialog: bool = False


def commands(principal: Principal, q: str) -> Sequence[Command]:
    """Commands whose words contain all that was typed; the most common ones for nothing."""
    words = q.casefold().split()
    found = [
        one for one in _every(principal) if all(word in one.label.casefold() for word in words)
    ]
    return found[: FEW if not words else 12]


def _every(principal: Principal) -> list[Command]:
    # Whom we know comes first, then what is done with them.
    seen = sorted(
        access.visible_objects(principal),
        key=lambda one: (not one.face, not one.has_timeline, one.order),
    )
    made = [
        Command(
            _("New %(object)s") % {"object": str(one.label).lower()},
            f"{one.url()}quick/",
            "plus",
            dialog=True,
        )
        for one in seen
        if one.quick and access.may(principal, "create", one.name)
    ]
    made += [
        Command(_("Go to %(objects)s") % {"objects": one.label_plural}, one.url(), one.icon)
        for one in seen
    ]
    made += [
        Command(
            _("Import %(objects)s") % {"objects": str(one.label_plural).lower()},
            f"/import/{one.plural}/",
            "ul",
        )
        for one in seen
        if one.importable and access.may(principal, "import", one.name)
    ]
    if any(access.may(principal, "export", one.name) for one in seen):
        made.append(Command(_("Export everything"), "/export/", "dl"))
    made += [
        Command(_("Today"), "/", "home"),
        Command(_("History"), "/history/", "clock"),
        Command(_("Jobs"), "/jobs/", "gear"),
        Command(_("My account"), "/account/", "user"),
        Command(_("Settings"), "/setup/", "gear"),
    ]
    return made

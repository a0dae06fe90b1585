"""Keeping a layout and taking it away, each as a change that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.models import Team
from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds import Context, Invalid
from rapport.records.layouts.kinds import ArrangementTree
from rapport.records.layouts.naming import name_of
from rapport.records.models import PageLayout
from rapport.records.store import change
from rapport.records.store.errors import Rejected

LAYOUT = "page_layout"


def stored_layout(
    principal: Principal, declaration: type[Object], team: Team | None
) -> PageLayout | None:
    """The layout that was made for a team, or for everyone. Raises Denied."""
    access.check(principal, "view", LAYOUT)
    found: PageLayout | None = (
        access.rows(principal, LAYOUT).filter(object=declaration.name, team=_key(team)).first()
    )
    return found


def save_layout(
    principal: Principal,
    declaration: type[Object],
    team: Team | None,
    arrangement: Mapping[str, Any],
    *,
    version: int | None = None,
) -> UUID:
    """Keep an arrangement for a team or for everyone; the change set.

    Raises Rejected, Denied, and Conflict if it has another version by now.
    """
    try:
        kind = ArrangementTree(_("Arrangement"))
        tree = kind.parse(dict(arrangement), Context(principal))
    except Invalid as fault:
        raise Rejected({"arrangement": str(fault)}) from None
    present = stored_layout(principal, declaration, team)
    names = name_of(declaration.name, team.name if team else "")
    title = _("Arrange %(objects)s") % {"objects": declaration.label_plural}
    with change(principal, via="web", title=title) as made:
        values = {"arrangement": tree, "name": names}
        if present is not None:
            made.update(LAYOUT, present.pk, values, version=version)
        else:
            made.create(LAYOUT, {**values, "object": declaration.name, "team": _key(team)})
    return made.id


def drop_layout(principal: Principal, declaration: type[Object], team: Team | None) -> UUID | None:
    """Take a layout away, so that the next wider one holds; the change set. Raises Denied."""
    present = stored_layout(principal, declaration, team)
    if present is None:
        return None
    title = _("Usual layout of %(objects)s") % {"objects": declaration.label_plural}
    with change(principal, via="web", title=title) as made:
        made.trash(LAYOUT, [present.pk])
    return made.id


def layouts_of(team: Team) -> QuerySet[PageLayout]:
    """The layouts that were made for a team."""
    return PageLayout.objects.filter(team=_key(team), deleted_at=None)


def drop_layouts(principal: Principal, team: Team) -> UUID | None:
    """Take all layouts of a team away, which nobody would get any more; the change set.

    Raises Denied."""
    keys = list(layouts_of(team).values_list("pk", flat=True))
    if not keys:
        return None
    title = _("Layouts of the team %(name)s") % {"name": team.name}
    with change(principal, via="web", title=title) as made:
        made.trash(LAYOUT, keys)
    return made.id


def _key(team: Team | None) -> str:
    return str(team.pk) if team else ""

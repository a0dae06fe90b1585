"""Layouts as files: what an instance has, and taking in what another one wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.models import Team
from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.kinds import Context, Invalid
from rapport.records.layouts.kinds import ArrangementTree
from rapport.records.layouts.naming import name_of
from rapport.records.layouts.saving import LAYOUT
from rapport.records.models import PageLayout
from rapport.records.store import change
from rapport.records.store.errors import Rejected

#: What a file says of a layout; its team by name, since each instance has its own keys for those.
LAYOUT_PARTS = ("object", "team", "arrangement")
HOUSE = service("config")


def present_layouts() -> dict[str, dict[str, Any]]:
    """The layouts of this instance by key, without those whose team or object is gone."""
    teams = {str(team.pk): team.name for team in Team.objects.all()} | {"": ""}
    return {
        str(one.pk): {
            "object": one.object,
            "team": teams[one.team],
            "arrangement": one.arrangement,
        }
        for one in PageLayout.objects.filter(deleted_at=None).order_by("pk")
        if one.team in teams and registry.is_declared(one.object)
    }


def told(facts: Mapping[str, Any]) -> str:
    """What a layout is called to whoever compares files."""
    return f"layout of {facts['object']}" + (f" for {facts['team']}" if facts["team"] else "")


def missing_teams(layouts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Teams that the files name and nobody has made here."""
    named = {str(one.get("team", "")) for one in layouts.values()} - {""}
    return sorted(named - set(Team.objects.filter(name__in=named).values_list("name", flat=True)))


def take_layout(key: UUID, facts: Mapping[str, Any]) -> None:
    """Have this layout, in place of another one for the same readers. Raises Rejected."""
    team = Team.objects.filter(name=facts["team"]).first() if facts["team"] else None
    place = {"object": facts["object"], "team": str(team.pk) if team else ""}
    values = {"team": place["team"], "arrangement": _parsed(facts["arrangement"])}
    values["name"] = name_of(facts["object"], facts["team"])
    row = PageLayout.objects.filter(pk=key).first()
    others = PageLayout.objects.filter(**place, deleted_at=None).exclude(pk=key)
    with change(HOUSE, via="command", title="rapport config apply") as made:
        made.trash(LAYOUT, list(others.values_list("pk", flat=True)))
        if row is None:
            made.create(LAYOUT, {"object": facts["object"], **values}, record_id=key)
            return
        if row.deleted_at is not None:
            made.restore(LAYOUT, [key])
        made.update(LAYOUT, key, {"object": facts["object"], **values})


def drop(key: UUID) -> None:
    """Take a layout away that the files don't have."""
    with change(HOUSE, via="command", title="rapport config apply") as made:
        made.trash(LAYOUT, [key])


def _parsed(tree: Any) -> Any:
    try:
        return ArrangementTree("arrangement").parse(tree, Context(HOUSE))
    except Invalid as fault:
        raise Rejected({"arrangement": str(fault)}) from None

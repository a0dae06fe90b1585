"""Whose deals a page is about, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.kinds import words
from rapport.records.store import Rejected
from rapport.sales.parts.forecast_span import part_text, read_part
from rapport.sales.queries import Tree

#: Seen from whoever asks.
NEAR = ("me", "team", "below")


def read_whose(asked: Mapping[str, str], principal: Principal, tree: Tree) -> tuple[str, Q]:
    """What `of` says, and the deals it means: me, team, below, or as a forecast is asked.

    Raises Rejected.
    """
    text = asked.get("of", "")
    if text in NEAR:
        return text, Q(owner_id__in=_people(text, principal))
    part = read_part(asked, tree)
    return part_text(part), part.owned(tree, "owner_id")


def _people(text: str, principal: Principal) -> list[UUID]:
    if text == "me":
        return [principal.user_id] if principal.user_id else []
    near = principal.team_user_ids if text == "team" else principal.below_user_ids
    return list(near)


def read_flag(asked: Mapping[str, str], known: Mapping[str, object]) -> tuple[str, ...]:
    """The one reason that is asked for, or none. Raises Rejected."""
    name = asked.get("flag", "")
    if name and name not in known:
        raise Rejected({"flag": _("Say one of %(ones)s.") % {"ones": ", ".join(known)}})
    return (name,) if name else ()


def read_pipeline(asked: Mapping[str, str], principal: Principal) -> tuple[str, Q]:
    """The pipeline that is asked for, or all. Raises Rejected."""
    text = asked.get("pipeline", "")
    if not text:
        return "", Q()
    try:
        key = UUID(text)
    except ValueError:
        key = UUID(int=0)
    if not access.rows(principal, "pipeline").filter(pk=key).exists():
        raise Rejected({"pipeline": _("There is no such pipeline.")})
    return text, Q(pipeline_id=key)


def part_options(tree: Tree, chosen: str) -> Sequence[dict[str, Any]]:
    """Each team and each person to choose from."""
    teams = sorted((one.name, f"team:{one.pk}") for some in tree.parts.values() for one in some)
    people = sorted((one.name, f"person:{one.pk}") for one in tree.users.values() if one.is_active)
    return [
        {"value": value, "label": label, "on": value == chosen}
        for label, value in [*teams, *people, (_("Nobody"), "nobody")]
    ]


def pipeline_options(principal: Principal, chosen: str) -> Sequence[dict[str, Any]]:
    """The pipelines to choose from."""
    if not access.may(principal, "view", "pipeline"):
        return []
    found = access.rows(principal, "pipeline").order_by("position", "pk")
    return [
        {"value": str(key), "label": words(label, principal.language), "on": str(key) == chosen}
        for key, label in found.values_list("pk", "label")
    ]

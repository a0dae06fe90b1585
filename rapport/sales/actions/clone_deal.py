"""A deal like another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.models import Link
from rapport.records.reading import context_for, read_record
from rapport.records.store import ChangeInProgress, Missing, change

#: What belongs to the one deal alone: where it stands, how it ended, what others call it.
OWN = {
    "name", "stage", "probability", "closed_at", "won_reason", "lost_reason", "lost_note",
    "review_worked", "review_failed", "review_learnt", "playbook", "external_id", "lead",
}  # fmt: skip
#: Parts that the form asks about, each with the fields it takes along.
PARTS = {
    "with_people": ("people", "ties"),
    "with_competitors": ("competitors",),
    "with_split": ("split",),
}
MOST_STEPS = 20
STEP = ("subject", "due", "priority", "description", "owner")


@dataclass(frozen=True, slots=True)
class Cloned:
    """The change set, and the page of the new deal."""

    id: UUID
    url: str


def clone_deal(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Cloned:
    """Make a deal like each of these, at the first stage of its pipeline.

    Values: `name`, `with_people`, `with_competitors`, `with_split`, `with_next_steps`. Who may not
    read or set a field gets the deal without it. Raises Denied, Missing, Rejected.
    """
    access.check(principal, "create", "deal")
    title = ngettext("Cloned a deal", "Cloned %(n)d deals", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        keys = [_clone(made, one, values) for one in ids]
    return Cloned(made.id, registry.get("deal").url(keys[0]))


def _clone(made: ChangeInProgress, deal: UUID, values: Mapping[str, Any]) -> UUID:
    principal, kinds = made.principal, registry.get("deal").fields
    left = OWN | {
        name for part, names in PARTS.items() if not values.get(part, True) for name in names
    }
    names = [name for name in _writable(principal, "deal") if name not in left]
    row = read_record(principal, "deal", deal, ["name", *names], context_for(principal))
    if row is None:
        raise Missing(_("This deal is gone, or not yours to see."))
    kept = {
        name: _without_keys(row.values[name])
        for name in names
        if not kinds[name].blank(row.values[name])
    }
    title = values.get("name") or _("%(name)s (copy)") % {"name": row.values["name"]}
    key = made.create("deal", {**kept, "name": title})
    if values.get("with_next_steps"):
        _copy_steps(made, deal, key)
    return key


def _writable(principal: Principal, name: str) -> list[str]:
    rights = access.fields(principal, name)
    return sorted(rights.readable & rights.editable)


def _without_keys(value: Any) -> Any:
    """Rows beside a deal are made anew."""
    if not isinstance(value, list):
        return value
    return [{**one, "id": None} if isinstance(one, dict) else one for one in value]


def _copy_steps(made: ChangeInProgress, deal: UUID, clone: UUID) -> None:
    """Open tasks about the deal that the principal may see."""
    about = Link.objects.filter(from_object="task", to_id=deal).values("from_id")
    tasks = access.rows(made.principal, "task").filter(pk__in=about, status="open")
    names = [name for name in _writable(made.principal, "task") if name in STEP]
    for task in tasks.order_by("due", "pk").values("pk", *names)[:MOST_STEPS]:
        told = {name: task[name] for name in names if task[name] not in (None, "")}
        made.create("task", {**told, "about": [("deal", clone)]})

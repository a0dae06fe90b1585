"""The views somebody may use, read once and kept until any view changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from rapport.accounts.identity import account_facts
from rapport.accounts.principals import Principal, Scope
from rapport.accounts.request import Request
from rapport.kit.keep import Keep
from rapport.records import access, registry
from rapport.records.conditions import ConditionError
from rapport.records.kinds import words
from rapport.records.views.checking import OBJECT
from rapport.records.views.definition import FIELDS, Definition, from_values

#: More than anybody has; what is beyond is reached by the list of views.
MOST = 500


@dataclass(frozen=True, slots=True)
class View:
    """One saved view as its user meets it."""

    id: UUID
    object: str
    name: Mapping[str, str]
    description: str
    owner: UUID | None
    audience: str
    roles: tuple[str, ...]
    version: int
    definition: Definition
    is_tab: bool
    is_favourite: bool
    is_default: bool

    def label(self, language: str) -> str:
        """Its name in the reader's language, or in another."""
        return words(self.name, language)


type Views = Sequence[View]

_kept: Keep[Views] = Keep(512)


def views_version(request: Request) -> int:
    """A number that differs from the one before after every change of a view."""
    return int(account_facts(request.user).along.get("views") or 0)


def all_views(principal: Principal, version: int | None = None) -> Views:
    """Every view that the principal may use, the oldest first; one statement, or none with the
    version if they are kept."""
    if version is None:
        return _read(principal)
    reached = access.reach(principal, registry.get(OBJECT))
    key = (version, principal.user_id, reached, registry.edition())
    return _kept.get(key, lambda: _read(principal))


def views_of(principal: Principal, name: str, version: int | None = None) -> Views:
    """Those about one object."""
    return [one for one in all_views(principal, version) if one.object == name]


def first_view(views: Views, principal: Principal) -> View | None:
    """The view a list opens with: the principal's own choice, else that of his role."""
    own = (one for one in views if one.is_default)
    of_role = (one for one in reversed(views) if principal.role in one.roles)
    return next(own, None) or next(of_role, None)


def may_edit(principal: Principal, view: View) -> bool:
    """Whether the principal may change this view, which he sees."""
    match access.scope(principal, registry.get(OBJECT), "edit"):
        case Scope.ALL:
            return True
        case Scope.TEAM:
            return view.owner in principal.team_user_ids
        case Scope.OWN:
            return view.owner is not None and view.owner == principal.user_id
    return False


def _read(principal: Principal) -> Views:
    use = FilteredRelation("uses", condition=Q(uses__user=principal.user_id))
    found = access.rows(principal, OBJECT).annotate(use=use).order_by("created_at", "id")
    marks = {
        "use_tab": F("use__is_tab"),
        "use_favourite": F("use__is_favourite"),
        "use_default": F("use__is_default"),
    }
    names = ("id", "object", "name", "description", "owner_id", "audience", "is_tab",
             "default_roles", "version", *FIELDS.values())  # fmt: skip
    rows = found.values(*names, **marks)[:MOST]
    return [view for row in rows if (view := _view(row)) is not None]


def _view(row: Mapping[str, Any]) -> View | None:
    try:
        definition = from_values(row)
    except ConditionError:
        # Written by a version of ours that could say more.
        return None
    is_tab = row["use_tab"]
    return View(
        id=row["id"],
        object=row["object"],
        name=row["name"],
        description=row["description"],
        owner=row["owner_id"],
        audience=row["audience"],
        roles=tuple(row["default_roles"]),
        version=row["version"],
        definition=definition,
        is_tab=row["is_tab"] if is_tab is None else is_tab,
        is_favourite=bool(row["use_favourite"]),
        is_default=bool(row["use_default"]),
    )

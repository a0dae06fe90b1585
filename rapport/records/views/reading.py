"""The views somebody may use, read once and kept until any view changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from rapport.accounts.identity import account_facts
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.keep import Keep
from rapport.records import access, registry
from rapport.records.conditions import Condition, ConditionError, Group, ask
from rapport.records.declare import Object
from rapport.records.kinds import Context, words
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
    #: Whether it is a tab to all who have not chosen otherwise; and to this reader.
    is_tab_for_all: bool
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


def has_favourites(request: Request) -> bool:
    """Whether any view is a favourite of the reader; no statement is needed for that."""
    return bool(account_facts(request.user).along.get("favourites"))


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


#: Where each layout but the table has its page.
PAGES = {"board": "board/", "calendar": "calendar/", "timeline": "timeline/", "chart": "chart/"}


def view_address(view: View) -> str:
    """The page of a view, of its own kind."""
    page = PAGES.get(view.definition.layout, "")
    return f"{registry.get(view.object).url()}{page}?view={view.id}"


def first_view(views: Views, principal: Principal) -> View | None:
    """The view a list opens with: the principal's own choice, else that of a role of his."""
    own = (one for one in views if one.is_default)
    of_role = (one for role in principal.roles for one in reversed(views) if role in one.roles)
    return next(own, None) or next(of_role, None)


def as_seen(view: View, declaration: type[Object], context: Context) -> tuple[View, bool]:
    """The view less what its reader may not read or can't ask, and whether rules were left out."""
    readable = access.fields(context.principal, declaration.name).readable
    definition = view.definition
    condition = definition.condition
    whole = condition.parts if condition.mode == "all" else (condition,)
    parts = tuple(part for part in whole if _can_ask(part, declaration, context))
    seen = replace(
        definition,
        condition=condition if parts == whole else Group(parts),
        sort=definition.sort if definition.sort.lstrip("-") in readable else "",
        columns=tuple(name for name in definition.columns if name in readable),
        widths=tuple(pair for pair in definition.widths if pair[0] in readable),
        group=definition.group if definition.group.partition(":")[0] in readable else "",
        totals=tuple(name for name in definition.totals if name in readable),
        colours=tuple(
            one for one in definition.colours if _can_ask(one.when, declaration, context)
        ),
        by=definition.by if definition.by in readable else "",
    )
    return (view if seen == definition else replace(view, definition=seen)), parts != whole


def _can_ask(condition: Condition, declaration: type[Object], context: Context) -> bool:
    try:
        ask(condition, declaration, context)
    except ConditionError:
        return False
    return True


def may_edit(principal: Principal, view: View) -> bool:
    """Whether the principal may change this view, which he sees."""
    return access.reach(principal, registry.get(OBJECT), "edit").includes(view.owner)


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
        is_tab_for_all=row["is_tab"],
        is_tab=row["is_tab"] if is_tab is None else is_tab,
        is_favourite=bool(row["use_favourite"]),
        is_default=bool(row["use_default"]),
    )

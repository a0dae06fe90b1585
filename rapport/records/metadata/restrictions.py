"""Fields that not every role reads or changes: what roles say of them, laid over the kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.accounts.models import FieldLevel, Role
from rapport.accounts.principals import EVERY_OBJECT, Scope
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.number import Money
from rapport.records.kinds.private import Private
from rapport.records.kinds.relation import Links, Relation
from rapport.records.registry import Rights

HIDDEN = FieldLevel.Level.HIDDEN

type Restrictions = Mapping[str, Mapping[str, Rights]]


def restrictions() -> Restrictions:
    """By object and field the roles that read it and that change it, where not all do.

    A role that reaches no record of the object opens none of its fields.
    """
    said: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    rows = FieldLevel.objects.values_list("object_name", "field", "role__key", "level")
    for name, field, role, level in rows:
        said[name, field][role] = level
    if not said:
        return {}
    found: dict[str, dict[str, Rights]] = defaultdict(dict)
    roles = list(Role.objects.prefetch_related("grants"))
    for (name, field), levels in said.items():
        viewing = {role.key for role in roles if _views(role, name)}
        hiding = {key for key, level in levels.items() if level == HIDDEN}
        # What no role hides stays with all, so that the search box goes on to look into it.
        readers = frozenset(viewing - hiding) if hiding else None
        rights = Rights(readers, frozenset(viewing - levels.keys()))
        found[name] |= dict.fromkeys((field, *_told_by(name, field)), rights)
    return found


def _told_by(name: str, field: str) -> Iterator[str]:
    """Fields that hold the same in another form: an amount in the workspace's currency."""
    declared = registry.get(name).fields if registry.is_declared(name) else {}
    base = getattr(declared.get(field), "base", "")
    if base and base in declared:
        yield base


def _views(role: Role, name: str) -> bool:
    scopes = {grant.object_name: grant.view_scope for grant in role.grants.all()}
    return str(scopes.get(name, scopes.get(EVERY_OBJECT, Scope.NONE))) != Scope.NONE


def why_not(declaration: type[Object], name: str, level: str, role: Role) -> str | Promise:
    """Why a field can't have this level for the role; empty if it can."""
    fills_in = _fills_in(role, declaration.name)
    if level == HIDDEN:
        return why_not_hidden(declaration, name, fills_in=fills_in)
    return why_not_only_read(declaration, name, fills_in=fills_in)


def why_not_hidden(declaration: type[Object], name: str, *, fills_in: bool = True) -> str | Promise:
    """Why a field can't be hidden from a role, which makes such records (`fills_in`) or not; empty
    if it can."""
    kind: Any = declaration.fields[name]
    if why := _why_whole(declaration):
        return why
    if name in _naming(declaration):
        return _("Records are named by it.")
    settling = {"owner", declaration.audience, declaration.about, declaration.hue}
    if name in settling or isinstance(kind, Private):
        return _("Who sees a record, and how, rests on it.")
    if name in _placing(declaration):
        return _("It says where a record stands on boards, calendars or timelines.")
    if isinstance(kind, Relation | Links) or _leads_on(kind):
        return _("Records lead to each other by it. A role can hide those.")
    if _follows_amount(declaration, name):
        return _("It follows the amount that it is made of.")
    if kind.required and not kind.is_custom:
        return _("Rapport itself works with it.")
    return _why_needed(kind) if fills_in else ""


def why_not_only_read(
    declaration: type[Object], name: str, *, fills_in: bool = True
) -> str | Promise:
    """Why a field can't be for reading only; empty if it can. That tells nobody anything, so it is
    about what would not work any more."""
    kind: Any = declaration.fields[name]
    if why := _why_whole(declaration):
        return why
    if isinstance(kind, Private):
        return _("Who sees a record, and how, rests on it.")
    if name in _placing(declaration):
        return _("It says where a record stands on boards, calendars or timelines.")
    if _follows_amount(declaration, name):
        return _("It follows the amount that it is made of.")
    if not fills_in:
        return ""
    return _("Records are named by it.") if name in _naming(declaration) else _why_needed(kind)


def _fills_in(role: Role, name: str) -> bool:
    """Whether the role makes records of the object."""
    grants = {grant.object_name: grant for grant in role.grants.all()}
    grant = grants.get(name, grants.get(EVERY_OBJECT))
    return grant is not None and {grant.create_scope, grant.import_scope} != {Scope.NONE}


def _why_whole(declaration: type[Object]) -> str | Promise:
    is_whole = declaration.audience or declaration.for_administrators
    return _("These are shown as a whole or not at all.") if is_whole else ""


def _why_needed(kind: Any) -> str | Promise:
    is_needed = kind.required and kind.editable and kind.default is None
    return _("No record is made without it.") if is_needed else ""


def _naming(declaration: type[Object]) -> set[str]:
    title: Any = declaration.fields[declaration.title]
    return {declaration.title, declaration.subtitle, *getattr(title, "joined_from", ())}


def _follows_amount(declaration: type[Object], name: str) -> bool:
    return any(one.base == name for one in declaration.fields.values() if isinstance(one, Money))


def _leads_on(kind: Any) -> bool:
    return bool(getattr(kind, "subject", ""))


def _placing(declaration: type[Object]) -> set[str]:
    board, calendar, timeline = declaration.board, declaration.calendar, declaration.timeline
    found = {board.by} if board else set()
    found |= {calendar.start, calendar.end} if calendar else set()
    if timeline:
        found |= {timeline.at, timeline.about, timeline.direction, timeline.open, *timeline.also}
    return found

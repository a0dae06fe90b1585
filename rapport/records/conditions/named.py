"""Records that point at one of a certain name, whichever record bears it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.records import access, registry
from rapport.records.conditions.asked import Asked
from rapport.records.conditions.tree import ConditionError
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind, is_storable
from rapport.records.kinds.relation import Links, UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import TextMatch
from rapport.records.models import Link
from rapport.records.sql import SortText

MOST_NAMES = 100


def called(kind: Any, value: Any, context: Context) -> Asked:
    """The rows that point at a record called `value`, or one of several names.

    Only records the principal may see have names. Raises ConditionError.
    """
    names = [str(one).strip() for one in (value if isinstance(value, list | tuple) else [value])]
    names = [name for name in names if name and is_storable(name)][:MOST_NAMES]
    if value is None or not names:
        raise ConditionError(_("“%(field)s” needs a name.") % {"field": kind.label}, kind.name)
    if isinstance(kind, UserRelation):
        return Asked(Q(**{f"{kind.path}__in": _users(names).values("pk")}), tuple(names))
    objects = _objects(kind, context)
    reached = [(one, access.reach(context.principal, one)) for one in objects]
    key = (tuple(names), tuple((one.name, reach) for one, reach in reached))
    found = Q()
    for declaration, reach in reached:
        rows = access.reached_rows(declaration, reach).filter(_is_called(declaration, names))
        found |= _pointing(kind, rows)
    return Asked(found or Q(pk__in=[]), key)


def _users(names: Sequence[str]) -> Any:
    called = Q(TextMatch(SortText(F("name")), "any", list(names)))
    return User.objects.filter(called | Q(TextMatch(SortText(F("email")), "any", list(names))))


def _objects(kind: Kind, context: Context) -> Sequence[type[Object]]:
    named: Any = kind.parts[kind.subject] if isinstance(kind, Rows) else kind
    to = named.to
    if to in ("", "any"):
        return [one for one in access.visible_objects(context.principal) if one.has_timeline]
    return [registry.get(to)] if registry.is_declared(to) else []


def _pointing(kind: Kind, rows: Any) -> Q:
    """The rows of the field's object by which one of `rows` is pointed at."""
    match kind:
        case Links():
            links = Link.objects.filter(
                from_object=kind.owner_name, role=kind.role, from_id=OuterRef("pk")
            )
            return Q(Exists(links.filter(Exists(rows.filter(pk=OuterRef("to_id"))))))
        case Rows():
            subject = kind.parts[kind.subject].path
            beside = kind.model._default_manager.filter(**{kind.key: OuterRef("pk")})
            return Q(Exists(beside.filter(Exists(rows.filter(pk=OuterRef(subject))))))
    return Q(Exists(rows.filter(pk=OuterRef(kind.path))))


def _is_called(declaration: type[Object], names: Sequence[str]) -> Q:
    """By its title, or by another field that people name it with."""
    found = Q()
    for name in (declaration.title, *declaration.named_by):
        kind = declaration.fields[name]
        if "any" in kind.operators:
            found |= _one_of(kind, names)
    return found or Q(pk__in=[])


def _one_of(kind: Kind, names: Sequence[str]) -> Q:
    if kind.type == "choice":
        known = {str(label).casefold(): key for key, label in getattr(kind, "options", {}).items()}
        names = [known.get(name.casefold(), name) for name in names]
    return kind.condition("any", list(names))

"""The one door for every read: which records and which fields a principal may see or change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import local
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, Scope
from rapport.records import registry
from rapport.records.compiled import (
    Answers,
    AnyOf,
    Ask,
    Compiled,
    Given,
    JSONArray,
    ask_together,
    compiled,
)
from rapport.records.declare import Object
from rapport.records.kinds.base import EVERY_FIELD, Kind, Title
from rapport.records.kinds.other import words
from rapport.records.reached import Reach
from rapport.records.reaching import is_kept, reach, scope

TITLES = "_titles_"


class Denied(PermissionError):
    """The principal may not do this; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields of one object that a principal may read and may edit."""

    readable: frozenset[str]
    editable: frozenset[str]


def reaches_all(principal: Principal, declaration: type[Object], action: str = "view") -> bool:
    """Whether `action` reaches every record there is of the object."""
    return reach(principal, declaration, action) == Reach(Scope.ALL)


def reaches_all_open(principal: Principal, declaration: type[Object]) -> bool:
    """Whether he sees every record there is of the object, but for what others keep private."""
    return reach(principal, declaration).open == Reach(Scope.ALL)


def predicate(principal: Principal, declaration: type[Object], action: str = "view") -> Q:
    """The rows that `action` reaches."""
    return reach(principal, declaration, action).where


def rows(
    principal: Principal, name: str, action: str = "view", *, trashed: bool | None = False
) -> QuerySet[Any]:
    """Records of an object that the principal may see (or `action`). Raises UnknownObject.

    `trashed` asks for those in the trash instead, None for both.
    """
    declaration = registry.get(name)
    return reached_rows(declaration, reach(principal, declaration, action), trashed)


def reached_rows(
    declaration: type[Object], reached: Reach, trashed: bool | None = False, *, each: bool = False
) -> QuerySet[Any]:
    """The same for a reach, of which a compiled query is made; `each` as `Reach.each` says."""
    return _stored(declaration, trashed).filter(reached.each if each else reached.where)


def reached_parts(declaration: type[Object], reached: Reach) -> list[QuerySet[Any]]:
    """The same ground by ground, for who counts: together they hold these rows and no others."""
    return [_stored(declaration, trashed=False).filter(one) for one in reached.parts]


def _stored(declaration: type[Object], trashed: bool | None) -> QuerySet[Any]:
    found = declaration.model._default_manager.all()
    return found if trashed is None else found.filter(deleted_at__isnull=not trashed)


def may(principal: Principal, action: str, name: str) -> bool:
    """Whether `action` on this object reaches anything at all for the principal."""
    return scope(principal, registry.get(name), action) != Scope.NONE


def check(principal: Principal, action: str, name: str) -> None:
    """Raises Denied when the principal may not do `action` with this object at all."""
    if not may(principal, action, name):
        from django.utils.translation import gettext as _

        if is_kept(registry.get(name), action):
            raise Denied(
                _("%(objects)s stay as they were written. Add another one instead.")
                % {"objects": registry.get(name).label_plural}
            )
        raise Denied(
            _(
                "Your role does not allow this on %(objects)s. "
                "An owner of the workspace can change that."
            )
            % {"objects": registry.get(name).label_plural}
        )


class _Known(local):
    """The fields that the principal of this thread's request was told before."""

    def __init__(self) -> None:
        self.principal: Principal | None = None
        self.edition = -1
        self.by_name: dict[str, Fields] = {}


_known = _Known()


def fields(principal: Principal, name: str) -> Fields:
    """Which fields of the object the principal may read and edit."""
    edition = registry.edition()
    if _known.principal is not principal or _known.edition != edition:
        _known.principal, _known.edition, _known.by_name = principal, edition, {}
    if name not in _known.by_name:
        _known.by_name[name] = _fields(principal, name)
    return _known.by_name[name]


def _fields(principal: Principal, name: str) -> Fields:
    declaration = registry.get(name)
    may_view = may(principal, "view", name)
    may_edit = may(principal, "edit", name) or may(principal, "create", name)
    return Fields(
        frozenset(
            n for n, kind in declaration.fields.items() if may_view and _reads(kind, principal)
        ),
        frozenset(
            n for n, kind in declaration.fields.items() if may_edit and _edits(kind, principal)
        ),
    )


def unread(principal: Principal, name: str, *columns: str) -> frozenset[str]:
    """Those of the columns, called as the object's fields, that the principal may not read."""
    declared = registry.get(name).fields
    return frozenset(c for c in columns if c in declared) - fields(principal, name).readable


def is_kept_from(principal: Principal, name: str) -> bool:
    """Whether the principal's roles hide any field of the object from him."""
    readable = fields(principal, name).readable
    declared = registry.get(name).fields.items()
    return any(kind.unrestricted is not None and one not in readable for one, kind in declared)


def reads(kind: Kind, principal: Principal) -> bool:
    """Whether the principal may read a field that no object has yet, by what it is made of."""
    return _reads(kind, principal)


def edits(kind: Kind, principal: Principal) -> bool:
    """The same for changing it."""
    return _edits(kind, principal)


def _reads(kind: Kind, principal: Principal) -> bool:
    if kind.readers is not None and not _is_among(kind.readers, principal):
        return False
    return not (kind.needs or kind.whole) or _reads_inputs(kind, principal)


def _reads_inputs(kind: Kind, principal: Principal) -> bool:
    """Whether the principal reads all that a field is worked out of."""
    for name in kind.whole:
        if not registry.is_declared(name) or not reaches_all_open(principal, registry.get(name)):
            return False
    for name, field in kind.needs:
        if field == EVERY_FIELD:
            if not may(principal, "view", name) or _keeps_any(name, principal):
                return False
            continue
        other = registry.get(name).fields.get(field) if registry.is_declared(name) else None
        if other is None or not may(principal, "view", name) or not _reads(other, principal):
            return False
    return True


def _keeps_any(name: str, principal: Principal) -> bool:
    """Whether roles hide any field of an object from the principal by itself."""
    readers = (kind.readers for kind in registry.get(name).fields.values())
    return any(one is not None and not _is_among(one, principal) for one in readers)


def _edits(kind: Kind, principal: Principal) -> bool:
    """Nobody edits what he may not read: he would overwrite what he can't see."""
    if not kind.editable or not _reads(kind, principal):
        return False
    return kind.editors is None or _is_among(kind.editors, principal)


def _is_among(roles: frozenset[str], principal: Principal) -> bool:
    return (
        not roles.isdisjoint(principal.roles)
        or "owner" in principal.roles
        or principal.kind == "service"
    )


def reachable(principal: Principal, name: str, ids: Iterable[UUID], action: str) -> set[UUID]:
    """Those of `ids` that `action` reaches."""
    return set(rows(principal, name, action).filter(pk__in=list(ids)).values_list("pk", flat=True))


def titles(
    principal: Principal,
    references: Iterable[tuple[str, UUID]],
    language: str,
    *,
    trashed: bool | None = False,
) -> Mapping[UUID, Title]:
    """How each referenced record is named, one statement for all; unseen records are left out."""
    asks = title_asks(principal, references, trashed=trashed)
    return titles_from(ask_together(asks), language)


def title_asks(
    principal: Principal,
    references: Iterable[tuple[str, UUID]],
    *,
    trashed: bool | None = False,
) -> Mapping[str, Ask]:
    """What `titles_from` makes titles of, to be asked together with something else."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for name, key in references:
        wanted[name].add(key)
    return {
        f"{TITLES}{name}": Ask(_titles_of(principal, name, trashed), {f"{name}_titled": list(ids)})
        for name, ids in wanted.items()
    }


def titles_from(answers: Answers, language: str) -> Mapping[UUID, Title]:
    """The titles by record from the answers to `title_asks`."""
    return {
        key: _title(mark.removeprefix(TITLES), key, text, hue, language)
        for mark, rows in answers.items()
        if mark.startswith(TITLES)
        for key, (text, hue) in rows
    }


def title_of(declaration: type[Object], record: Any, text: Any, language: str) -> Title:
    """How a record whose row is at hand is named; `text` is the value of its title."""
    hue = str(getattr(record, declaration.hue) or "") if declaration.hue else ""
    return _title(declaration.name, record.pk, text, hue, language)


def _titles_of(principal: Principal, name: str, trashed: bool | None) -> Compiled:
    if name == "user":
        return _user_titles()
    declaration = registry.get(name)
    return _record_titles(registry.edition(), name, reach(principal, declaration), trashed)


@cache
def _user_titles() -> Compiled:
    return _titles_in(User.objects.all(), "user", "name", "")


@lru_cache(maxsize=1024)
def _record_titles(_edition: int, name: str, reached: Reach, trashed: bool | None) -> Compiled:
    declaration = registry.get(name)
    found = reached_rows(declaration, reached, trashed)
    title = declaration.fields[declaration.title].path
    return _titles_in(found, name, title, declaration.hue)


def _titles_in(found: QuerySet[Any], name: str, title: str, hue: str) -> Compiled:
    query = found.filter(AnyOf(F("pk"), Given(f"{name}_titled"))).order_by()
    tone = Cast(hue, TextField()) if hue else Value("", output_field=TextField())
    return compiled(query.values_list("pk", JSONArray(F(title), tone)))


def _title(name: str, key: UUID, text: Any, hue: str | None, language: str) -> Title:
    if name == "user":
        return Title(text, "", "user")
    declaration = registry.get(name)
    if isinstance(text, dict):
        text = words(text, language)
    tone = f"hue-{hue}" if hue else ""
    return Title(text or str(declaration.label), declaration.url(key), name, tone, declaration.face)


def visible_objects(principal: Principal) -> Sequence[type[Object]]:
    """Objects of which the principal may see at least his own records."""
    return [one for one in registry.all_objects() if scope(principal, one) != Scope.NONE]

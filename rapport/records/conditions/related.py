"""What is related to the records of an object: found in the declarations, named for people.

A deal that names its company is one of the company's `deals`; rows beside a record, such as the
people of a deal, lead from both ends; so do links; what happened around a record is `activities`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry, timeline
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind, Words
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.relation import Links, Relation, UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.time import DateTime
from rapport.records.models import Link

type Seen = tuple[QuerySet[Any], Hashable]

ACTIVITIES = "activities"


@dataclass(frozen=True, slots=True)
class RelatedSet:
    """Records related to those of one object.

    Its rows name their origin in `near`, which equals the column `origin` there. They are the
    related records themselves, or rows between with `fields` of their own that name the related
    record in `subject`.
    """

    name: str
    label: Words
    to: str
    near: str
    rows: Callable[[Principal], Seen]
    origin: str = "pk"
    subject: str = ""
    fields: Mapping[str, Kind] = field(default_factory=dict)
    #: The fields, by object, that one must be able to read.
    needs: tuple[tuple[str, str], ...] = ()
    is_one: bool = False

    def is_seen_by(self, principal: Principal) -> bool:
        """Whether the principal may see such records, and that they are related."""
        if self.to and not access.may(principal, "view", self.to):
            return False
        return all(field in access.fields(principal, name).readable for name, field in self.needs)


def sets_of(declaration: type[Object]) -> Mapping[str, RelatedSet]:
    """What is related to records of an object, by the names that conditions use."""
    return _sets(registry.edition(), declaration.name)


def seen_sets(declaration: type[Object], principal: Principal) -> Mapping[str, RelatedSet]:
    """The same as far as the principal may know of it."""
    return {name: one for name, one in sets_of(declaration).items() if one.is_seen_by(principal)}


@lru_cache(maxsize=256)
def _sets(_edition: int, name: str) -> Mapping[str, RelatedSet]:
    origin = registry.get(name)
    found: dict[str, RelatedSet] = {}
    for one, otherwise in _candidates(origin):
        free = next((word for word in (one.name, *otherwise) if word not in found), None)
        if free is not None:
            found[free] = replace(one, name=free)
    return found


type Candidate = tuple[RelatedSet, tuple[str, ...]]


def _candidates(origin: type[Object]) -> Iterator[Candidate]:
    """The sets, each with other names should its own be taken."""
    others = registry.all_objects()
    for kind in origin.fields.values():
        yield from _own(origin, kind)
    for named in (True, False):
        for other in others:
            for kind in other.fields.values():
                yield from _pointing(origin, other, kind, named)
    if origin.has_timeline:
        yield _activities(), ()


def _own(origin: type[Object], kind: Kind) -> Iterator[Candidate]:
    match kind:
        case UserRelation():
            return
        case Relation() if _is_own_column(kind) and registry.is_declared(kind.to):
            yield _forward(origin, kind), ()
        case Rows() if registry.is_declared(_subject(kind).to):
            yield _rows_of(origin, kind), ()
        case Links(to="") | Links(to="any"):
            for other in registry.all_objects():
                if other.has_timeline:
                    name = other.plural.replace("-", "_")
                    yield _linked(origin, kind, other, name), (f"{kind.name}_{name}",)
        case Links() if registry.is_declared(kind.to):
            yield _linked(origin, kind, registry.get(kind.to), kind.name), ()


def _pointing(
    origin: type[Object], other: type[Object], kind: Kind, named: bool
) -> Iterator[Candidate]:
    plural = other.plural.replace("-", "_")
    match kind:
        case UserRelation():
            return
        case Relation() if kind.to == origin.name and _is_own_column(kind):
            if named == (kind.related_name != "+"):
                name = kind.related_name if named else plural
                yield _backward(other, kind, name), (f"{plural}_{kind.name}",)
        case Rows() if not named and _subject(kind).to == origin.name:
            yield _rows_naming(other, kind, plural), (kind.name, f"{plural}_{kind.name}")
        case Links() if not named and _may_link(kind, origin):
            yield _linking(other, kind, origin, plural), (f"{plural}_{kind.name}",)


def _is_own_column(kind: Relation) -> bool:
    return kind.stored and not kind.is_beside


def _may_link(kind: Links, origin: type[Object]) -> bool:
    return kind.to == origin.name or (kind.to in ("", "any") and origin.has_timeline)


def _subject(kind: Rows) -> Any:
    subject = kind.parts[kind.subject]
    return subject if isinstance(subject, Relation) else Relation("", "", to="")


def _alive(name: str) -> Callable[[Principal], Seen]:
    """Records of an object that are not in the trash, as far as one sees them."""

    def rows(principal: Principal) -> Seen:
        declaration = registry.get(name)
        reached = access.reach(principal, declaration)
        return access.reached_rows(declaration, reached), (name, reached)

    return rows


def _table(model: Any, **named: Any) -> Callable[[Principal], Seen]:
    """Rows between records; whoever sees both ends may know of them."""

    def rows(principal: Principal) -> Seen:
        return model._default_manager.filter(**named), (model._meta.db_table, *named.items())

    return rows


def _forward(origin: type[Object], kind: Relation) -> RelatedSet:
    needs = ((origin.name, kind.name),)
    return RelatedSet(
        kind.name, kind.label, kind.to, "pk", _alive(kind.to), origin=kind.path, needs=needs,
        is_one=True,
    )  # fmt: skip


def _backward(other: type[Object], kind: Relation, name: str) -> RelatedSet:
    needs = ((other.name, kind.name),)
    return RelatedSet(
        name, other.label_plural, other.name, kind.path, _alive(other.name), needs=needs
    )


def _rows_of(origin: type[Object], kind: Rows) -> RelatedSet:
    subject = _subject(kind)
    return RelatedSet(
        kind.name, kind.label, subject.to, kind.key, _table(kind.model), subject=subject.path,
        fields=_columns(kind), needs=((origin.name, kind.name),),
    )  # fmt: skip


def _rows_naming(other: type[Object], kind: Rows, name: str) -> RelatedSet:
    return RelatedSet(
        name, other.label_plural, other.name, _subject(kind).path, _table(kind.model),
        subject=kind.key, fields=_columns(kind), needs=((other.name, kind.name),),
    )  # fmt: skip


def _columns(kind: Rows) -> Mapping[str, Kind]:
    """What the rows say beside whom they name."""
    return {name: part for name, part in kind.parts.items() if name != kind.subject}


def _linked(origin: type[Object], kind: Links, other: type[Object], name: str) -> RelatedSet:
    rows = _table(Link, role=kind.role, from_object=origin.name, to_object=other.name)
    label = other.label_plural if kind.to in ("", "any") else kind.label
    return RelatedSet(
        name, label, other.name, "from_id", rows, subject="to_id",
        needs=((origin.name, kind.name),),
    )  # fmt: skip


def _linking(other: type[Object], kind: Links, origin: type[Object], name: str) -> RelatedSet:
    rows = _table(Link, role=kind.role, from_object=other.name, to_object=origin.name)
    return RelatedSet(
        name, other.label_plural, other.name, "to_id", rows, subject="from_id",
        needs=((other.name, kind.name),),
    )  # fmt: skip


def _activities() -> RelatedSet:
    """What happened: neither tasks that are still to be done nor what is ahead."""

    def rows(principal: Principal) -> Seen:
        seen = timeline.sight(principal)
        entries = timeline.entries_in(seen).exclude(is_open=True, direction="")
        return entries.filter(at__lte=Now()), (ACTIVITIES, seen)

    return RelatedSet(ACTIVITIES, _("Activities"), "", "record_id", rows, fields=_entry_fields())


def _entry_fields() -> Mapping[str, Kind]:
    sources = [one.timeline for one in registry.all_objects() if one.timeline is not None]
    fields: dict[str, Kind] = {
        "at": DateTime(_("When")),
        "kind": Choice(_("Kind"), {one.name: one.label for one in sources}),
        "direction": Choice(_("Direction"), {"in": _("From them"), "out": _("From us")}),
    }
    for name, kind in fields.items():
        kind.name = kind.path = name
    return fields

"""Parts of a record kept outside its own row: side tables of upper domains, and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Links, Relation
from rapport.records.models import Link
from rapport.records.sql import related_model
from rapport.records.store.errors import Rejected


def check_relations(
    principal: Principal, kinds: Mapping[str, Kind], values: Mapping[str, Any]
) -> None:
    """Raises Rejected for relations to records that are not there for the principal."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for name, kind in kinds.items():
        if isinstance(kind, Relation) and values[name]:
            wanted[kind.to].add(values[name])
    for target, keys in wanted.items():
        seen = set(access.titles(principal, [(target, key) for key in keys], principal.language))
        for name, kind in kinds.items():
            if isinstance(kind, Relation) and kind.to == target and values[name] in keys - seen:
                sentence = _("%(field)s names a record that is not there.") % {"field": kind.label}
                raise Rejected({name: sentence})


def write_side_tables(
    declaration: type[Object], record_id: UUID, kinds: Mapping[str, Kind], values: Mapping[str, Any]
) -> None:
    """Upsert the 1:1 rows that contributed fields live in."""
    tables: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, kind in kinds.items():
        if kind.stored and kind.is_beside:
            relation, _sep, column = kind.path.partition("__")
            tables[relation][column] = values[name]
    for relation, columns in tables.items():
        side = related_model(declaration.model, relation)
        side._default_manager.update_or_create(pk=record_id, defaults=columns)


def write_links(
    principal: Principal,
    declaration: type[Object],
    record_id: UUID,
    kinds: Mapping[str, Kind],
    values: Mapping[str, Any],
) -> None:
    """Make the links of each links field those given. Raises Rejected for unseen records."""
    for name, kind in kinds.items():
        if isinstance(kind, Links):
            _write(principal, declaration, record_id, name, kind, set(values[name] or []))


def new_links(
    principal: Principal,
    declaration: type[Object],
    record_id: UUID,
    kinds: Mapping[str, Kind],
    values: Mapping[str, Any],
) -> list[Any]:
    """The links of a record that has none yet. Raises Rejected for unseen records."""
    made = []
    for name, kind in kinds.items():
        if isinstance(kind, Links):
            wanted = set(values[name] or [])
            check_seen(principal, name, kind, wanted)
            made += [link_between(declaration, record_id, kind, *pair) for pair in wanted]
    return made


def link_between(
    declaration: type[Object], record_id: UUID, kind: Links, other: str, key: UUID
) -> Link:
    """A link from a record to another one, not saved yet."""
    return Link(
        from_object=declaration.name, from_id=record_id, role=kind.role, to_object=other, to_id=key
    )


def _write(
    principal: Principal,
    declaration: type[Object],
    record_id: UUID,
    name: str,
    kind: Links,
    wanted: set[Any],
) -> None:
    links = Link.objects.filter(from_id=record_id, role=kind.role)
    present = {(one, key) for one, key in links.values_list("to_object", "to_id")}
    check_seen(principal, name, kind, wanted - present)
    gone = [key for _object, key in present - wanted]
    if gone:
        links.filter(to_id__in=gone).delete()
    Link.objects.bulk_create(
        link_between(declaration, record_id, kind, *pair) for pair in wanted - present
    )


def check_seen(principal: Principal, name: str, kind: Links, added: set[Any]) -> None:
    """Raises Rejected where a record to be linked is not there for the principal."""
    by_object: dict[str, set[UUID]] = defaultdict(set)
    for one, key in added:
        by_object[one].add(key)
    for one, keys in by_object.items():
        is_wrong = (kind.to and one != kind.to) or not registry.is_declared(one)
        if is_wrong or access.reachable(principal, one, keys, "view") != keys:
            raise Rejected(
                {name: _("%(field)s names a record that is not there.") % {"field": kind.label}}
            )

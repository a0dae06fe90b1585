"""Links of many records at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.relation import Links
from rapport.records.models import Link
from rapport.records.store.errors import Rejected
from rapport.records.store.locking import check_unlocked
from rapport.records.store.parts import check_seen, link_between

type Pairs = Sequence[tuple[str, UUID]]
"""Records as object and id."""


def link_all(
    principal: Principal, declaration: type[Object], ids: Collection[UUID], name: str, to: Pairs
) -> int:
    """Link each record that may be edited to each of `to`; how many got one they did not have.

    Raises Rejected.
    """
    kind = _links(principal, declaration, name)
    check_seen(principal, name, kind, set(to))
    reached = access.reachable(principal, declaration.name, ids, "edit")
    check_unlocked(principal, declaration, reached, {name: to}, is_named=True)
    links = Link.objects.filter(role=kind.role, to_id__in=[key for _object, key in to])
    present = set(links.filter(from_id__in=reached).values_list("from_id", "to_id"))
    wanted = [(one, pair) for one in reached for pair in to if (one, pair[1]) not in present]
    Link.objects.bulk_create(link_between(declaration, one, kind, *pair) for one, pair in wanted)
    return _touch(declaration, {one for one, _pair in wanted})


def part_all(
    principal: Principal, declaration: type[Object], ids: Collection[UUID], name: str, to: Pairs
) -> int:
    """Take the links to `to` away; how many records had one. Raises Rejected."""
    kind = _links(principal, declaration, name)
    reached = access.reachable(principal, declaration.name, ids, "edit")
    check_unlocked(principal, declaration, reached, {name: to}, is_named=True)
    links = Link.objects.filter(role=kind.role, to_id__in=[key for _object, key in to])
    links = links.filter(from_object=declaration.name, from_id__in=reached)
    parted = set(links.values_list("from_id", flat=True))
    links.delete()
    return _touch(declaration, parted)


def _links(principal: Principal, declaration: type[Object], name: str) -> Links:
    kind = declaration.fields.get(name)
    is_editable = name in access.fields(principal, declaration.name).editable
    if not isinstance(kind, Links) or not is_editable:
        raise Rejected({name: _("This field can't be set.")})
    return kind


def _touch(declaration: type[Object], ids: Collection[UUID]) -> int:
    """Count up the versions of records whose links changed."""
    declaration.model._default_manager.filter(pk__in=ids).update(version=F("version"))
    return len(ids)

"""What has come to hang on a record since others were merged into it: it stays there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.parts import object_of_merge
from rapport.records.changes.reversal import Part
from rapport.records.changes.tables import Pointer, Table, pointers_to
from rapport.records.models import Change, Link, Merge
from rapport.records.sql import column_of


def added_since(
    principal: Principal, sets: Sequence[UUID], every: Mapping[str, Table]
) -> list[Part]:
    """Records that were pointed at the one that stayed after a merge, as far as they may be seen;
    nothing for any other change."""
    merged = object_of_merge(sets)
    if not merged or not registry.is_declared(merged):
        return []
    kept = list(Merge.objects.filter(change_set__in=sets).values_list("kept_id", flat=True))
    counts: Counter[str] = Counter()
    for name, rows in _pointing(merged, kept, sets, every):
        if name in {one.name for one in access.visible_objects(principal)}:
            counts[name] += access.rows(principal, name).filter(pk__in=rows).count()
    return [Part(name, str(registry.get(name).label_plural), n) for name, n in counts.items() if n]


def _pointing(
    merged: str, kept: Sequence[UUID], sets: Sequence[UUID], every: Mapping[str, Table]
) -> Iterator[tuple[str, QuerySet[Any]]]:
    """By object the keys of records that point at those that stayed since, by a field or a link."""
    table = every[registry.get(merged).model._meta.db_table]
    for pointer in pointers_to(table, dict(every)):
        found = every.get(pointer.table)
        if found is not None and found.is_record:
            rows = found.model._default_manager.filter(**{f"{_name(found, pointer)}__in": kept})
            yield found.object, _since(rows, sets).values("pk")
    links = _since(Link.objects.filter(to_id__in=kept), sets).order_by()
    for name in links.values_list("from_object", flat=True).distinct():
        if registry.is_declared(name):
            yield name, links.filter(from_object=name).values("from_id")


def _name(table: Table, pointer: Pointer) -> str:
    fields = table.model._meta.concrete_fields
    return next(one.attname for one in fields if column_of(one) == pointer.column)


def _since(rows: QuerySet[Any], sets: Sequence[UUID]) -> QuerySet[Any]:
    """Keys tell when a row was made; what the merge itself made anew is in the log under it."""
    carried = Change.objects.filter(change_set__in=sets, row_id=OuterRef("pk"))
    return rows.filter(~Exists(carried), pk__gt=min(sets))

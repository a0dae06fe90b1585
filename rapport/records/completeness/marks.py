"""Marks on records for what their own row can't tell, or not for long: rows beside it that are
missing or not valid, dates that have grown stale. Kept like measures of related records.

A mark is there only where something is wrong, so that records in good order cost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from rapport.records import registry
from rapport.records.changes.columns import rows_table
from rapport.records.completeness.rules import TOUCHED
from rapport.records.conditions.compile import compile_condition
from rapport.records.conditions.wire import from_json
from rapport.records.declare import Expect, Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Links
from rapport.records.kinds.time import DateTime
from rapport.records.models import Link

if TYPE_CHECKING:
    from rapport.records.expressions.rollups import Spec
    from rapport.records.rollups.affected import Changed


def definition_of(rule: Expect, kind: Kind) -> dict[str, Any]:
    """What tells the mark of a rule from others, beside its sort and its field."""
    told: dict[str, Any] = {"days": rule.days} if rule.sort == "stale" else {}
    when = getattr(kind, "visible_when", None)
    return told | ({"when": dict(when)} if when else {})


def marked(spec: Spec, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Rows (record, true) of those of these records that have the mark.

    Raises LookupError where its field is not declared any more.
    """
    declaration = registry.get(spec.object)
    rows = declaration.model._default_manager.filter(pk__in=list(ids))
    true = Value(value=True, output_field=models.BooleanField())
    return rows.filter(wrong(spec, declaration)).order_by().values_list("pk", true)


def is_known(spec: Spec) -> bool:
    """Whether the field of a mark is declared in this process."""
    return registry.is_declared(spec.object) and spec.of in registry.get(spec.object).fields


def is_dated(spec: Spec) -> bool:
    """Whether a mark comes with time, though nothing changes."""
    return spec.is_mark and spec.measure == "stale"


def affected(spec: Spec, changed: Changed) -> set[UUID]:
    """The records whose mark may be another one now."""
    if not is_known(spec):
        return set()
    declaration = registry.get(spec.object)
    found = changed.rows(declaration.model._meta.db_table)
    # A record's rows beside it count as a change of the record.
    is_any = spec.measure == "stale" and spec.of == TOUCHED
    kinds = declaration.fields.values() if is_any else [declaration.fields[spec.of]]
    for table in {one for one in map(_table_beside, kinds) if one}:
        found = found | changed.subjects(table)
    return found


def _table_beside(kind: Kind) -> str | None:
    return Link._meta.db_table if isinstance(kind, Links) else rows_table(kind)


def wrong(spec: Spec, declaration: type[Object]) -> Q:
    """The records that have the mark, as they are now."""
    kind, told = declaration.fields[spec.of], json.loads(spec.where)
    match spec.measure:
        case "stale":
            found = _stale(kind, told["days"])
        case "invalid":
            found = kind.faulty() or Q(pk__in=[])
        case _:
            found = _missing(kind, declaration)
    return found & _matters(told.get("when"), declaration)


def _missing(kind: Kind, declaration: type[Object]) -> Q:
    if isinstance(kind, Links):
        links = Link.objects.filter(from_object=declaration.name, role=kind.role)
        return Q(~Exists(links.filter(from_id=OuterRef("pk"))))
    return kind.condition("empty", None)


def _stale(kind: Kind, days: int) -> Q:
    now = timezone.now()
    edge = now - timedelta(days=days)
    return kind.condition("empty", None) | kind.condition(
        "lt", edge if isinstance(kind, DateTime) else edge.date()
    )


def _matters(when: Any, declaration: type[Object]) -> Q:
    """Only where the field is asked for at all."""
    from rapport.records.expressions.rollups import house_context

    return compile_condition(from_json(when), declaration, house_context()) if when else Q()

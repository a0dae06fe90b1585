"""Whose measures a stretch of the change log may have changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from rapport.records import registry
from rapport.records.completeness import marks
from rapport.records.conditions.ground import ground_in
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.tree import Condition
from rapport.records.expressions.rollups import Spec, measured_kinds
from rapport.records.expressions.wheres import house_context, kinds_on, nested_in, rules_of
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Relation
from rapport.records.metadata.column import CUSTOM, form_at
from rapport.records.sql import column_at, column_of

WITHIN = sql.SQL("""
FROM records_change AS c
WHERE (c.xid, c.id) > (%(low_xid)s::text::xid8, %(low)s)
  AND (c.xid, c.id) <= (%(high_xid)s::text::xid8, %(high)s) AND c.table_name = %(table)s
""")
ROWS = sql.SQL("SELECT DISTINCT c.row_id {}").format(WITHIN)
SUBJECTS = sql.SQL("SELECT DISTINCT c.record_id {}").format(WITHIN)
KEYS = sql.SQL("""
SELECT DISTINCT k.key FROM (
  SELECT unnest(ARRAY[c.old #>> %(path)s::text[], c.new #>> %(path)s::text[]]) AS key {}
) AS k WHERE k.key IS NOT NULL
""").format(WITHIN)


class Changed(Protocol):
    """Records and rows that have changed."""

    def rows(self, table: str) -> set[UUID]:
        """The keys of changed rows of a table."""

    def keys(self, table: str, path: Sequence[str]) -> set[UUID]:
        """What a column of changed rows held, before and after."""

    def subjects(self, table: str) -> set[UUID]:
        """The records beside which changed rows of a table lie."""


@dataclass(slots=True)
class Stretch:
    """What is logged between two places of the log, each a transaction and a row."""

    low: tuple[int, int]
    high: tuple[int, int]
    _rows: dict[str, set[UUID]] = field(default_factory=dict)

    def rows(self, table: str) -> set[UUID]:
        """The keys of changed rows of a table."""
        if table not in self._rows:
            self._rows[table] = {UUID(str(key)) for key in self._ask(ROWS, table)}
        return self._rows[table]

    def keys(self, table: str, path: Sequence[str]) -> set[UUID]:
        """What a column of changed rows held, before and after."""
        if not self.rows(table):
            return set()
        return {UUID(key) for key in self._ask(KEYS, table, path=list(path))}

    def subjects(self, table: str) -> set[UUID]:
        """The records beside which changed rows of a table lie."""
        return set(self._ask(SUBJECTS, table)) if self.rows(table) else set()

    def _ask(self, text: sql.Composed, table: str, **more: Any) -> list[Any]:
        facts = {
            "low_xid": str(self.low[0]), "low": self.low[1], "high_xid": str(self.high[0]),
            "high": self.high[1], "table": table, **more,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(text, facts)
            return [row[0] for row in cursor.fetchall()]


@dataclass(slots=True)
class Counted:
    """Records whose own measures were counted anew, which nothing logs; by table."""

    found: dict[str, set[UUID]] = field(default_factory=dict)

    def rows(self, table: str) -> set[UUID]:
        """The keys of such records."""
        return self.found.get(table, set())

    def keys(self, table: str, path: Sequence[str]) -> set[UUID]:
        """Nothing: what they point at is as it was."""
        return set()

    def subjects(self, table: str) -> set[UUID]:
        """Nothing: no row beside a record is counted."""
        return set()


def affected(spec: Spec, changed: Changed) -> set[UUID]:
    """The records whose measure may be another one now."""
    if spec.is_mark:
        return marks.affected(spec, changed)
    way = measured_kinds(spec, ground_in(spec.set, house_context().principal))[:-1]
    return _origins(spec.object, spec.set, spec.condition, changed, way)


def _origins(
    object: str, related: RelatedSet, where: Condition, changed: Changed, way: Sequence[Kind] = ()
) -> set[UUID]:
    """Records of an object to which others are related now that were not, or the other way round,
    or that meet a condition otherwise, or are led on from to changed ones by `way`."""
    rows, _key = related.rows(house_context().principal)
    model = rows.model
    table = model._meta.db_table
    touched = changed.rows(table) | _through(related, where, changed, way)
    keys = changed.keys(table, logged_path(model, related.near))
    # Rows in the trash too: that they are there now is what has changed.
    everything = model._default_manager.all()
    keys |= _values(everything.filter(pk__in=touched), related.near) if touched else set()
    if related.origin == "pk":
        return keys
    own = registry.get(object).model
    found = changed.rows(own._meta.db_table)
    if keys:
        there = own._default_manager.filter(**{f"{related.origin}__in": list(keys)})
        found = found | set(there.values_list("pk", flat=True))
    return found


def logged_path(model: Any, path: str) -> list[str]:
    """Where the log keeps the column at a path."""
    if path == "pk":
        return [model._meta.pk.column]
    form, key = form_at(path)
    return [CUSTOM, key] if form else [column_of(column_at(model, path))]


def _values(rows: QuerySet[Any], path: str) -> set[UUID]:
    return {key for key in rows.order_by().values_list(path, flat=True) if key is not None}


def _through(
    related: RelatedSet, where: Condition, changed: Changed, way: Sequence[Kind]
) -> set[UUID]:
    """Related rows that are read through another record, by a condition or by what is measured."""
    found = _leading(related, where, changed, way)
    if not related.subject:
        return found
    far = changed.rows(registry.get(related.to).model._meta.db_table) | found
    if not far:
        return set()
    rows, _key = related.rows(house_context().principal)
    there = rows.model._default_manager.filter(**{f"{related.subject}__in": list(far)})
    return set(there.values_list("pk", flat=True))


def _leading(
    related: RelatedSet, where: Condition, changed: Changed, way: Sequence[Kind]
) -> set[UUID]:
    """Records of the related object that lead over changed ones, or to which those are related."""
    ground = ground_in(related, house_context().principal)
    found = _back_over(way, changed)
    for rule in rules_of(where):
        kinds = kinds_on(rule.field, ground) or []
        steps = [one for one in kinds if isinstance(one, Relation)]
        steps = steps if rule.op == "named" else steps[: len(kinds) - 1]
        found |= _back_over(steps, changed)
    for one in nested_in(where, ground):
        found |= _origins(related.to, one.related, one.where, changed)
    return found


def _back_over(steps: Iterable[Kind], changed: Changed) -> set[UUID]:
    """The records at the beginning of a way over relations on which something changed."""
    found: set[UUID] = set()
    for step in reversed([one for one in steps if isinstance(one, Relation)]):
        if step.object is None or not registry.is_declared(step.to):
            continue
        found |= changed.rows(registry.get(step.to).model._meta.db_table)
        if found:
            holders = step.object.model._default_manager.filter(**{f"{step.path}__in": list(found)})
            found = set(holders.values_list("pk", flat=True))
    return found

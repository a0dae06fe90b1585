"""Counting the measures of some records, in one statement for each measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg import sql

from rapport.accounts.models import Workspace
from rapport.records import registry
from rapport.records.conditions.compile import Compiler
from rapport.records.conditions.gathering import gather
from rapport.records.conditions.ground import ground_in
from rapport.records.conditions.joining import join
from rapport.records.conditions.tree import Measure
from rapport.records.expressions.rollups import ADDING, DERIVED, VALUE, Spec, house_context
from rapport.records.metadata.column import form_at
from rapport.records.sql import column_at, column_of, key_column

#: The lock that counting and following take turns by.
LOCK = "rapport.rollups"
UPDATE = """
UPDATE {table} AS r SET {derived} = rapport_rollup_put(r.{derived}, {key}, x.value)
FROM (SELECT t.{id} AS id, {value} AS value FROM {table} AS t
      LEFT JOIN ({gathered}) AS g (near, value) ON g.near = {origin}
      WHERE t.{id} = ANY (%s)) AS x
WHERE r.{id} = x.id AND (r.{derived} -> {key}) IS DISTINCT FROM x.value
RETURNING r.{id}
"""
MOMENT = "to_jsonb(to_char(g.value AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))"


def take_turn() -> None:
    """Wait until nobody else counts or follows; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
        cursor.execute("SELECT set_config('rapport.deriving', 'yes', true)")


@transaction.atomic
def count_for(spec: Spec, ids: Sequence[UUID]) -> list[UUID]:
    """Bring one measure of these records up to date; those whose value changed.

    Raises LookupError or ConditionError where what is measured is not there any more.
    """
    if not ids:
        return []
    take_turn()
    model = registry.get(spec.object).model
    inner, params = gathered(spec, ids).query.sql_with_params()
    statement = sql.SQL(UPDATE).format(
        table=sql.Identifier(model._meta.db_table),
        derived=sql.Identifier(DERIVED),
        key=sql.Literal(spec.id.hex),
        id=sql.Identifier(key_column(model)),
        value=sql.SQL(_as_json(spec)),
        gathered=sql.SQL(inner),
        origin=_origin(spec),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, list(ids)])
        return [row[0] for row in cursor.fetchall()]


def gathered(spec: Spec, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Rows (near, measure) of what is related to these records."""
    context = house_context()
    context.currency = Workspace.objects.values_list("currency", flat=True).first() or "EUR"
    related = spec.set
    compiler = Compiler(context)
    joined = join(related, spec.condition, context.principal, compiler.ask, "")
    ground = ground_in(related, context.principal)
    origins = registry.get(spec.object).model._default_manager.filter(pk__in=list(ids))
    near = joined.rows.filter(**{f"{related.near}__in": origins.values(related.origin)})
    if spec.measure == VALUE:
        kind = ground.field(spec.of)
        if kind is None:
            raise LookupError(f"{spec.of} is not there any more.")
        path = getattr(kind, "reckoned", "") or kind.path
        return near.order_by().values_list(related.near, path)
    measure = Measure(spec.related, spec.measure, "is", None, spec.of)
    return gather(measure, joined, near, ground)


def _as_json(spec: Spec) -> str:
    if spec.measure in ADDING:
        return "to_jsonb(nullif(g.value, 0))"
    kind = ground_in(spec.set, house_context().principal).field(spec.of)
    return MOMENT if kind is not None and kind.type == "datetime" else "to_jsonb(g.value)"


def _origin(spec: Spec) -> sql.Composable:
    """The column of the record that related rows name, as SQL."""
    model, path = registry.get(spec.object).model, spec.set.origin
    form, key = form_at(path)
    if form is not None:
        look = sql.SQL(form.text)
        return look.format(column=sql.SQL("t.custom"), key=sql.Literal(key))
    return sql.SQL("t.{}").format(sql.Identifier(column_of(column_at(model, path))))

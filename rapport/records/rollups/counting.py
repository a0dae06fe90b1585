"""Counting the measures of some records, in one statement for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import sleep
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from rapport.accounts.models import Workspace
from rapport.records import registry
from rapport.records.completeness.marks import marked
from rapport.records.conditions.compile import Compiler
from rapport.records.conditions.gathering import gather, gather_far
from rapport.records.conditions.ground import ground_in
from rapport.records.conditions.joining import join
from rapport.records.conditions.tree import Measure
from rapport.records.expressions.rollups import (
    ADDING,
    DERIVED,
    FAR,
    Spec,
    measured_kinds,
)
from rapport.records.expressions.wheres import house_context
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.number import Money
from rapport.records.metadata.column import form_at
from rapport.records.reading import context_for
from rapport.records.sql import column_at, column_of, key_column

#: The lock that counting and following take turns by.
LOCK = "rapport.rollups"
#: How often a batch is tried that meets a record which is being changed, and seconds between.
TRIES, PAUSE = 50, 0.2
IN_THE_WAY = (LockNotAvailable, DeadlockDetected)
DERIVED_COLUMN = sql.Identifier(DERIVED)
UPDATE = """
UPDATE {table} AS r SET {derived} = {became}
FROM (SELECT t.{id} AS id, {values} FROM {table} AS t {joins} WHERE t.{id} = ANY (%s)) AS x
WHERE r.{id} = x.id AND ({differs})
RETURNING r.{id}
"""
JOIN = "LEFT JOIN ({gathered}) AS {name} (near, value) ON {name}.near = {origin}"
MOMENT = "to_jsonb(to_char({name}.value AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))"


def take_turn() -> None:
    """Wait until nobody else counts or follows; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
        cursor.execute("SELECT set_config('rapport.deriving', 'yes', true)")
        # Long before the database would look for a deadlock, and end whom it likes.
        cursor.execute("SET LOCAL lock_timeout = '200ms'")


def patiently[Found](act: Callable[[], Found]) -> Found:
    """Try until nobody who changes a record stands in the way: what people do goes first.

    Raises OperationalError when somebody holds on to it for long.
    """
    for _try in range(TRIES):
        try:
            return act()
        except OperationalError as problem:
            if not isinstance(problem.__cause__, IN_THE_WAY):
                raise
            sleep(PAUSE)
    return act()


@transaction.atomic
def count_for(specs: Sequence[Spec], ids: Sequence[UUID]) -> list[UUID]:
    """Bring measures of these records, all of one object, up to date; those that became others.

    They are written together: what a row costs is its new version, not how much of it is new.
    Raises LookupError or ConditionError where what is measured is not there any more.
    """
    if not ids or not specs:
        return []
    take_turn()
    model = registry.get(specs[0].object).model
    queries = [gathered(one, ids).query.sql_with_params() for one in specs]
    named = [(one, sql.Identifier(f"g{place}")) for place, one in enumerate(specs)]
    statement = sql.SQL(UPDATE).format(
        table=sql.Identifier(model._meta.db_table),
        derived=DERIVED_COLUMN,
        id=sql.Identifier(key_column(model)),
        became=_became(named),
        values=sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(_as_json(one, name), name) for one, name in named
        ),
        joins=sql.SQL(" ").join(
            sql.SQL(JOIN).format(gathered=sql.SQL(text), name=name, origin=_origin(one))
            for (one, name), (text, _params) in zip(named, queries, strict=True)
        ),
        differs=sql.SQL(" OR ").join(
            sql.SQL("(r.{} -> {}) IS DISTINCT FROM x.{}").format(
                DERIVED_COLUMN, sql.Literal(one.id.hex), name
            )
            for one, name in named
        ),
    )
    params = [value for _text, given in queries for value in given]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, list(ids)])
        return [row[0] for row in cursor.fetchall()]


def _became(named: Sequence[tuple[Spec, sql.Identifier]]) -> sql.Composable:
    """The column with all measures put into it."""
    found: sql.Composable = sql.SQL("r.{}").format(DERIVED_COLUMN)
    for one, name in named:
        found = sql.SQL("rapport_rollup_put({}, {}, x.{})").format(
            found, sql.Literal(one.id.hex), name
        )
    return found


def gathered(spec: Spec, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Rows (near, measure) of what is related to these records."""
    if spec.is_mark:
        return marked(spec, ids)
    context = _context()
    related = spec.set
    compiler = Compiler(context)
    joined = join(related, spec.condition, context.principal, compiler.ask, "")
    ground = ground_in(related, context.principal)
    origins = registry.get(spec.object).model._default_manager.filter(pk__in=list(ids))
    near = joined.rows.filter(**{f"{related.near}__in": origins.values(related.origin)})
    if related.is_one:
        kinds = measured_kinds(spec, ground)
        if not kinds:
            raise LookupError(f"{spec.of} is not there any more.")
        read = partial(_is_far, context.currency) if spec.measure == FAR else _value
        return near.order_by().values_list(related.near, _looked_up(kinds, read))
    if spec.measure == FAR:
        summed = Measure(spec.related, "sum", "is", None, spec.of)
        return gather_far(summed, joined, near, ground, context.currency)
    measure = Measure(spec.related, spec.measure, "is", None, spec.of)
    return gather(measure, joined, near, ground)


def _looked_up(kinds: Sequence[Kind], read: Callable[[Kind], Any]) -> Any:
    """What is read of the last of these fields, each but that leading to the record of the next."""
    kind, *further = kinds
    if not further:
        return read(kind)
    to = registry.get(getattr(kind, "to", "")).model
    rows = to._default_manager.filter(pk=OuterRef(kind.path), deleted_at=None)
    return Subquery(rows.values_list(_looked_up(further, read))[:1])


def _value(kind: Kind) -> Any:
    return F(getattr(kind, "reckoned", "") or kind.path)


def _is_far(currency: str, kind: Kind) -> Any:
    """1 for an amount in another currency than this one."""
    far = kind.far(currency) if isinstance(kind, Money) else None
    return Case(When(far or Q(pk__in=[]), then=Value(1)), output_field=IntegerField())


def _context() -> Context:
    """That of the house, with the money and the days of the workspace."""
    context, workspace = house_context(), Workspace.objects.first()
    if workspace is None:
        return context
    return replace(context_for(context.principal, workspace), timezone=ZoneInfo(workspace.timezone))


def _as_json(spec: Spec, name: sql.Identifier) -> sql.Composed:
    if spec.measure in ADDING:
        return sql.SQL("to_jsonb(nullif({}.value, 0))").format(name)
    if spec.is_mark:
        return sql.SQL("to_jsonb({}.value)").format(name)
    kinds = measured_kinds(spec, ground_in(spec.set, house_context().principal))
    is_moment = bool(kinds) and kinds[-1].type == "datetime"
    return sql.SQL(MOMENT if is_moment else "to_jsonb({name}.value)").format(name=name)


def _origin(spec: Spec) -> sql.Composable:
    """The column of the record that related rows name, as SQL."""
    model = registry.get(spec.object).model
    path = "pk" if spec.is_mark else spec.set.origin
    form, key = form_at(path)
    if form is not None:
        look = sql.SQL(form.text)
        return look.format(column=sql.SQL("t.custom"), key=sql.Literal(key))
    return sql.SQL("t.{}").format(sql.Identifier(column_of(column_at(model, path))))

"""A record as it was at a moment: what it is now, with every later change taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Value
from psycopg import sql

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.changes.columns import Reader, decode, load, model_of, reader_for
from rapport.records.changes.reversals import unpack
from rapport.records.changes.running import run
from rapport.records.changes.tables import Table, tables
from rapport.records.declare import Object
from rapport.records.models import Change, ChangeSet, Link
from rapport.records.sql import column_of
from rapport.records.store.errors import Missing

type State = dict[str, Any]

PRESENT = sql.SQL(
    "SELECT {name} AS table_name, t.{key} AS row_id, to_jsonb(t) AS state "
    "FROM {table} AS t WHERE t.{subject} = %(record)s"
)
# The first change of a column afterwards tells what it was. A row that was taken away afterwards
# was there, one that was made was not; one may be both, and then what came first counts.
REBUILT = """
WITH later AS MATERIALIZED (
  SELECT table_name, row_id, kind, old, blanked, id FROM records_change
  WHERE record_id = %(record)s AND at > %(at)s AND table_name = ANY (%(tables)s)
), told AS (
  SELECT l.table_name, l.row_id, l.id, e.key, e.value, false AS is_forgotten
  FROM later AS l CROSS JOIN LATERAL jsonb_each(l.old) AS e
  UNION ALL
  SELECT l.table_name, l.row_id, l.id, b.key, 'null', true
  FROM later AS l CROSS JOIN LATERAL unnest(l.blanked) AS b (key) WHERE l.kind <> 'create'
), first_told AS (
  SELECT DISTINCT ON (table_name, row_id, key) * FROM told ORDER BY table_name, row_id, key, id
), was AS (
  SELECT table_name, row_id, jsonb_object_agg(key, value) AS state,
         array_agg(key) FILTER (WHERE is_forgotten) AS forgotten
  FROM first_told GROUP BY table_name, row_id
), fate AS (
  SELECT DISTINCT ON (table_name, row_id) table_name, row_id, kind FROM later
  WHERE kind IN ('create', 'delete') ORDER BY table_name, row_id, id
), present AS ({present})
SELECT table_name, row_id,
       CASE WHEN fate.kind IS NULL THEN present.state ELSE '{{}}' END
         || coalesce(was.state, '{{}}'),
       was.forgotten
FROM present FULL JOIN was USING (table_name, row_id) LEFT JOIN fate USING (table_name, row_id)
WHERE CASE WHEN fate.kind IS NULL THEN present.row_id IS NOT NULL ELSE fate.kind = 'delete' END
ORDER BY table_name, row_id
"""


@dataclass(slots=True)
class Past:
    """A record at a moment, as far as the reader may read it.

    `values` are those of its stored fields and links; `rows` the states of rows beside it by the
    field they make up; `forgotten` names the fields whose values the law had blanked since.
    """

    at: datetime
    is_trashed: bool
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[State]] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    changed_at: datetime | None = None
    changed_by: UUID | None = None


def record_at(
    principal: Principal, declaration: type[Object], record_id: UUID, at: datetime
) -> Past | None:
    """The record as it was then; None where it did not exist yet (four statements).

    Raises Missing when the record is not there for the reader today.
    """
    if not access.rows(principal, declaration.name, trashed=None).filter(pk=record_id).exists():
        raise Missing
    readable = access.fields(principal, declaration.name).readable
    reader = reader_for(declaration, readable)
    found = _rebuilt(_tables_of(declaration, reader), record_id, at)
    own = found.pop(declaration.model._meta.db_table, None)
    if own is None:
        return None
    ((state, forgotten),) = own
    past = Past(at, is_trashed=state.get("deleted_at") is not None)
    _read_columns(past, reader, declaration, state, forgotten)
    _read_beside(past, reader, found)
    _read_generated(past, declaration, record_id, state, readable)
    _read_stamps(past, record_id)
    return past


def _tables_of(declaration: type[Object], reader: Reader) -> list[Table]:
    every = tables()
    names = {declaration.model._meta.db_table, *reader.rows, *(one for one, _ in reader.columns)}
    if reader.links:
        names.add(Link._meta.db_table)
    return [every[name] for name in sorted(names) if name in every]


def _rebuilt(
    some: Sequence[Table], record_id: UUID, at: datetime
) -> dict[str, list[tuple[State, list[str]]]]:
    """State and forgotten columns of each row of each table at that moment."""
    parts = [
        PRESENT.format(
            **one.names, subject=sql.Identifier(one.key if one.is_record else one.subject)
        )
        for one in some
    ]
    rows = run(
        REBUILT,
        {"record": record_id, "at": at, "tables": [one.name for one in some]},
        present=sql.SQL(" UNION ALL ").join(parts),
    )
    found: dict[str, list[tuple[State, list[str]]]] = defaultdict(list)
    for table, _row_id, state, forgotten in rows:
        found[table].append((unpack(state), forgotten or []))
    return found


def _read_columns(
    past: Past,
    reader: Reader,
    declaration: type[Object],
    state: State,
    forgotten: Sequence[str],
) -> None:
    own = declaration.model._meta.db_table
    state |= {f"custom.{key}": value for key, value in (state.get("custom") or {}).items()}
    for (table, column), kind in reader.columns.items():
        if table != own:
            continue
        past.values[kind.name] = load(kind, declaration.model, state)
        if column.partition(".")[0] in forgotten:
            past.forgotten.add(kind.name)


def _read_beside(
    past: Past, reader: Reader, found: Mapping[str, list[tuple[State, list[str]]]]
) -> None:
    """Contributed columns, rows beside the record, and links."""
    for (table, _column), kind in reader.columns.items():
        model = model_of(table)
        for state, _forgotten in found.get(table, ()):
            past.values[kind.name] = load(kind, model, state) if model else None
    for table, kind in reader.rows.items():
        rows = found.get(table, [])
        past.rows[kind.name] = [state for state, forgotten in rows if not forgotten]
        if any(forgotten for _state, forgotten in rows):
            past.forgotten.add(kind.name)
    for role, kind in reader.links.items():
        past.values[kind.name] = [
            (state["to_object"], UUID(state["to_id"]))
            for state, _forgotten in found.get(Link._meta.db_table, ())
            if state["role"] == role
        ]


def _read_generated(
    past: Past,
    declaration: type[Object],
    record_id: UUID,
    state: State,
    readable: frozenset[str],
) -> None:
    """What the database makes of other columns is made again, of what those were."""
    model = declaration.model
    columns = {one.attname: one for one in model._meta.concrete_fields}
    wanted: dict[str, models.GeneratedField] = {}
    for name, kind in declaration.fields.items():
        column = columns.get(kind.path)
        if name in readable and isinstance(column, models.GeneratedField):
            wanted[name] = column
    if not wanted:
        return
    was = {
        F(one.name): Value(decode(model, column_of(one), state.get(column_of(one))), one)
        for one in columns.values()
        if not isinstance(one, models.GeneratedField) and not one.is_relation
    }
    made = {f"was_{name}": made_from(one).replace_expressions(was) for name, one in wanted.items()}
    row = model._default_manager.filter(pk=record_id).values(**made).first() or {}
    past.values |= {name: row.get(f"was_{name}") for name in wanted}


def made_from(column: models.GeneratedField) -> Any:
    """What the database makes a column of, as its migration has it too."""
    _name, _path, _args, options = column.deconstruct()
    return options["expression"]


def _read_stamps(past: Past, record_id: UUID) -> None:
    """Who changed it last before, and when."""
    rows = Change.objects.filter(record_id=record_id, at__lte=past.at).order_by("-at", "-id")
    newest = rows.values_list("at", "change_set").first()
    if newest is not None:
        past.changed_at = newest[0]
        past.changed_by = (
            ChangeSet.objects.filter(pk=newest[1]).values_list("user_id", flat=True).first()
        )

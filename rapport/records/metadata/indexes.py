"""Indexes of custom fields: made and dropped by the worker as the owner role, never in a request.

Each is built without closing its table to writers. A field says how far its index is; lists refuse
what would be slow without it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Set
from time import sleep
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection
from django.db.models import F, Index, Model, UniqueConstraint
from django.db.models.sql import Query
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.records import registry
from rapport.records.completeness.kind import Completeness
from rapport.records.completeness.queue import rank_key
from rapport.records.metadata.building import build
from rapport.records.metadata.formula_kinds import Worked
from rapport.records.metadata.formulas import WORKED, formula_of, has_formula
from rapport.records.metadata.kinds import CustomChoices, CustomMoney, InCustom
from rapport.records.metadata.naming import PREFIX, unique_name
from rapport.records.metadata.noticing import is_changed, refresh
from rapport.records.metadata.tables import make_tables
from rapport.records.models import CustomField
from rapport.records.schema.indexes import ALIVE
from rapport.records.sql import Fold

logger = logging.getLogger("rapport.records")

#: One preparing worker at a time; the number is nobody else's.
LOCK = 7_205_118_044
#: Seconds between two looks whether it is free.
PAUSE = 0.5
SLOTS = """
SELECT c.relname, i.indisvalid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relname LIKE 'cx\\_%' AND c.relnamespace = 'public'::regnamespace
"""
STATISTICS = "SELECT stxname FROM pg_statistic_ext WHERE stxname LIKE 'cx\\_%'"


def prepare() -> None:
    """Build the indexes that fields wait for and drop those that no field wants any more.

    May be run at any time and again; what fails is said at its field and tried again when the
    field is changed.
    """
    refresh()
    make_tables()
    rows = list(CustomField.objects.filter(removed_at=None))
    with psycopg.connect(settings.INSTANCE.owner_database_url, autocommit=True) as owner:
        _take_turn(owner)
        present = {name: bool(is_valid) for name, is_valid in owner.execute(SLOTS)}
        known = {name for (name,) in owner.execute(STATISTICS)}
        for row in rows:
            if row.index == CustomField.Index.WAITING or _is_outdated(row, present, known):
                _prepare_one(owner, row, present)
        wanted = {name for row in CustomField.objects.all() for name in _wanted_or_none(row)}
        for name in present.keys() - wanted:
            owner.execute(_drop(name))
            if name.endswith("w"):
                continue
            statistics = sql.Identifier(f"{name[:-1]}n")
            owner.execute(sql.SQL("DROP STATISTICS IF EXISTS {}").format(statistics))


def _take_turn(owner: psycopg.Connection) -> None:
    """Wait for the worker that is preparing. Asked again and again: a statement that waits would be
    waited for in its turn by the index that the other builds, until one of the two is broken off.
    """
    while owner.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
        sleep(PAUSE)


def _is_outdated(row: CustomField, present: Mapping[str, bool], known: Set[str]) -> bool:
    """Whether a formula comes to another text than the one its index was built for, amounts have
    indexes of an earlier release, or a release before this one taught the planner less."""
    wanted = list(_wanted_or_none(row))
    if row.kind in (*WORKED, "money") and any(name not in present for name in wanted):
        return True
    return any(name.endswith("s") and f"{name[:-1]}n" not in known for name in wanted)


def _prepare_one(owner: psycopg.Connection, row: CustomField, present: Mapping[str, bool]) -> None:
    state, problem = CustomField.Index.READY, ""
    try:
        made = False
        for name, statement in _statements(row):
            if present.get(name) is False:
                owner.execute(_drop(name))
            if not present.get(name):
                owner.execute(statement.encode())
                made = True
        if made:
            table = registry.get(row.object).model._meta.db_table
            owner.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
    except psycopg.errors.UniqueViolation:
        state, problem = CustomField.Index.FAILED, _("Some records have the same value.")
    except psycopg.Error as fault:
        logger.exception("The index of %s.%s was not built", row.object, row.name)
        state, problem = CustomField.Index.FAILED, str(fault)[:300]
    asked = (row.unique, row.search)
    CustomField.objects.filter(pk=row.pk, unique=asked[0], search=asked[1]).update(
        index=state, index_problem=problem
    )
    is_changed()


def _statements(row: CustomField) -> Iterator[tuple[str, str]]:
    declaration, kind = registry.get(row.object), bound(row)
    model = declaration.model
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for index in _indexes(row, kind):
            yield index.name, str(index.create_sql(model, editor, concurrently=True))
        if row.unique:
            only = UniqueConstraint(
                kind.sort_key(), condition=ALIVE & ~kind.is_empty(), name=unique_name(kind)
            )
            text = str(only.create_sql(model, editor))
            yield only.name, text.replace("INDEX", "INDEX CONCURRENTLY", 1)
        if (key := kind.index_key()) is not None:
            yield "", _statistics_of(kind, expression_text(model, key, editor))


def _statistics_of(kind: InCustom, expression: str) -> str:
    """How often each value occurs, as the planner believes it beside a partial index: without it
    every choice is thought to be one of two hundred, and all that have it were sorted to show
    fifty; a third of all is thought to meet a filter by a formula."""
    table = bound_table(kind)
    text = "CREATE STATISTICS IF NOT EXISTS {} ON ({}) FROM {}"
    name = sql.Identifier(f"{PREFIX}{kind.key}{kind.digest}n")
    return sql.SQL(text).format(name, sql.SQL(expression), sql.Identifier(table)).as_string(None)


def bound_table(kind: InCustom) -> str:
    """The table of the object that a field belongs to. Raises LookupError for none."""
    if kind.object is None:
        raise LookupError(f"{kind.name} is a field of no object.")
    return kind.object.model._meta.db_table


def expression_text(model: type[Model], key: Any, editor: Any) -> str:
    """What an index holds, as SQL without places for values."""
    query = Query(model, alias_cols=False)
    resolved = key.resolve_expression(query, allow_joins=False)
    text, params = query.get_compiler(connection=connection).compile(resolved)
    return str(text % tuple(editor.quote_value(value) for value in params))


def _indexes(row: CustomField, kind: InCustom) -> Iterator[Index]:
    name = f"{PREFIX}{kind.key}{kind.digest}"
    if isinstance(kind, CustomChoices):
        yield GinIndex(F(kind.path), name=f"{name}g", condition=ALIVE)
    elif (key := kind.index_key()) is not None:
        yield Index(key, F("id"), name=f"{name}s", condition=ALIVE)
    if isinstance(kind, CustomMoney) and not isinstance(kind, Worked):
        yield Index(F(kind.paths[1]), F(kind.path), name=f"{name}m", condition=ALIVE)
    if isinstance(kind, Completeness) and (rank := rank_key(kind)) is not None:
        yield Index(rank, F("id"), name=f"{name}w", condition=ALIVE)
    if row.search:
        words = OpClass(Fold(F(kind.path)), "gin_trgm_ops")
        yield GinIndex(words, name=f"{name}t", condition=ALIVE)


def bound(row: CustomField) -> InCustom:
    """The kind of a row with its path. Raises LookupError, for a formula that can't be had too."""
    if row.kind in WORKED:
        return formula_of(row)
    kind = build(row)
    kind.bind(row.name, registry.get(row.object))
    return kind


def _wanted_or_none(row: CustomField) -> Iterator[str]:
    """Names of the indexes that a field keeps, those of removed ones for when they come back."""
    if row.kind in WORKED and not has_formula(row):
        return
    if row.kind and registry.is_declared(row.object):
        yield from (name for name, _statement in _statements(row) if name)


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(name))

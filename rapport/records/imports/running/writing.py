"""Writing a matched chunk: new records, changed ones, their rows and links, and the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.accounts.principals import Principal, Scope
from rapport.records import access
from rapport.records.imports.running.beginnings import beginnings
from rapport.records.imports.running.doubles import DOUBLE, set_doubles_aside
from rapport.records.imports.running.limits import Span, Write, within_limits
from rapport.records.imports.running.plan import Plan
from rapport.records.imports.running.side import BORN
from rapport.records.imports.running.staging import ways_table
from rapport.records.metadata.column import CUSTOM, CustomValues, defaults_of
from rapport.records.sql import column_of

MOST_ROUNDS = 50
MATCHED = "verdict IN ('match', 'same')"
NEW = """
INSERT INTO {table} ({listed}) SELECT {taken} FROM stage
WHERE verdict = '' AND n BETWEEN {first} AND {last}
"""
# A row's own addresses differ already: nothing of a new record has to be asked for.
NEW_WAYS = """
INSERT INTO {ways} (id, party_id, is_primary, {listed})
SELECT w.id, s.id, w.position = 0, {taken}
FROM stage AS s JOIN {staged} AS w ON w.n = s.n WHERE s.verdict = ''
"""
MORE_WAYS = """
WITH added AS (
  INSERT INTO {ways} (id, party_id, is_primary, {listed})
  SELECT w.id, w.target,
         w.position = 0 AND NOT EXISTS (
           SELECT 1 FROM {ways} AS e WHERE e.party_id = w.target AND e.is_primary),
         {taken}
  FROM (SELECT DISTINCT ON (s.target, w.normalised) s.target, w.*
        FROM stage AS s JOIN {staged} AS w ON w.n = s.n
        WHERE s.verdict = 'match' ORDER BY s.target, w.normalised, s.n) AS w
  ON CONFLICT DO NOTHING
  RETURNING party_id, normalised
)
SELECT s.n FROM added
JOIN stage AS s ON s.verdict = 'match' AND s.target = added.party_id
JOIN {staged} AS w ON w.n = s.n AND w.normalised = added.normalised
"""
LEDGER = """
INSERT INTO records_importledger (fingerprint, record_id, run_id)
SELECT fingerprint, CASE verdict WHEN '' THEN id ELSE target END, {run}
FROM stage WHERE verdict IN ('', 'match') {again}
"""
# Where nobody said yes or no the answer is no: to be told so is no change.
SAID = """
(SELECT jsonb_object_agg(key, value) FROM jsonb_each({new})
 WHERE value <> 'false' OR coalesce({old} ? key, false))
"""
NOTED_AGAIN = """
ON CONFLICT (fingerprint) DO UPDATE SET record_id = excluded.record_id, run_id = excluded.run_id
"""


class Writer:
    """Writes one staged chunk of one object."""

    def __init__(self, principal: Principal, plan: Plan, run_id: UUID) -> None:
        self.principal = principal
        self.declaration = declaration = plan.declaration
        self.policy = plan.policy
        self.run_id = run_id
        self.beginnings = beginnings(declaration, plan.fields)
        self.matched = 0
        #: Why rows were set aside that would break a rule, by number.
        self.broken: Mapping[int, str] = {}
        #: Columns that the file doesn't have: a record that is here keeps what it is called.
        self.made_up: Set[str] = frozenset()
        #: Rows that changed something of the record they met.
        self.changed: set[int] = set()
        self.table = declaration.model._meta.db_table
        #: Values that a new record's custom fields begin with, as JSON; empty for none.
        self.defaults = defaults_of(declaration.fields)

    def write(self, columns: Sequence[str]) -> int:
        """Write what is staged, and say how many records it made; `columns` are those the rows
        brought."""
        set_doubles_aside(self.declaration, self.policy)
        self.matched = self._count(MATCHED)
        created = self._insert(columns)
        if self.matched and self.policy in ("update", "fill"):
            # A record that is here keeps the day it came, and how private its owner let it be.
            kept = {BORN, "private"} if self.declaration.may_be_private() else {BORN}
            self._update([one for one in columns if one not in kept | self.made_up])
        for name, kind in self.declaration.fields.items():
            if kind.staged:
                self._write_ways(name, kind)
        self._write_ledger()
        return created

    def meets(self) -> bool:
        """Whether any row is for a record that was here before."""
        others = "verdict = 'match' AND target NOT IN (SELECT id FROM stage WHERE verdict = '')"
        return bool(self._count(others))

    def problems(self) -> list[tuple[int, str, list[UUID]]]:
        """Rows set aside: number, verdict (review or denied), and the records they may be."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n, verdict, coalesce(candidates, '{}') FROM stage "
                "WHERE verdict IN ('review', 'denied', 'double', 'unknown', 'broken') ORDER BY n"
            )
            return cursor.fetchall()

    def targets(self) -> dict[int, UUID]:
        """The record of every row that has one."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n, CASE verdict WHEN '' THEN id ELSE target END FROM stage "
                "WHERE verdict IN ('', 'match')"
            )
            return dict(cursor.fetchall())

    def note_changed(self, numbers: set[int]) -> None:
        """Count rows as updates that changed what lies beside the record they met."""
        if numbers and self.matched:
            self.changed |= self._rows(
                "SELECT n FROM stage WHERE verdict = 'match' AND n = ANY({numbers})",
                numbers=sql.Literal(list(numbers)),
            )

    def _insert(self, columns: Sequence[str]) -> int:
        if access.scope(self.principal, self.declaration, "create") == Scope.NONE:
            return 0
        names = ["id", "created_by_id", "updated_by_id", *columns]
        if self.defaults and CUSTOM not in columns:
            names.append(CUSTOM)
        if self.declaration.access == "owned" and "owner_id" not in columns:
            names.append("owner_id")
        names += self.beginnings.keys() - names
        parts = {
            "listed": sql.SQL(", ").join(sql.Identifier(name) for name in names),
            "taken": sql.SQL(", ").join(self._taken(name) for name in names),
        }

        def insert(span: Span) -> int:
            first, last = map(sql.Literal, span)
            return self._run(NEW, first=first, last=last, **parts)

        return sum(self._within_limits("verdict = ''", insert))

    def _within_limits[T](self, condition: LiteralString, write: Write[T]) -> list[T]:
        said, refused = within_limits(self.declaration, condition, write)
        if refused:
            self.broken = {**self.broken, **refused}
            self.matched = self._count(MATCHED)
        return said

    def _taken(self, name: str) -> sql.Composable:
        """What a new record gets; without an owner in the file it is whoever imports."""
        user = sql.Literal(self.principal.user_id)
        if name == CUSTOM and self.defaults:
            return sql.SQL("{}::jsonb || coalesce(custom, '{{}}')").format(self.defaults)
        if name in ("created_by_id", "updated_by_id"):
            return sql.SQL("{}::uuid").format(user)
        if name in self.beginnings:
            first = self.beginnings[name]
            own = sql.SQL("nullif({}, '')" if isinstance(first, str) else "{}")
            return sql.SQL("coalesce({}, {})").format(
                own.format(sql.Identifier(name)), sql.Literal(first)
            )
        if name != "owner_id" or self.declaration.access != "owned":
            return sql.Identifier(name)
        return sql.SQL("coalesce(owner_id, {})").format(user)

    def _update(self, columns: Sequence[str]) -> None:
        """One statement a round: rows that meet the same record come one after the other."""
        if not columns:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(round), 0) FROM stage WHERE verdict = 'match'")
            rounds = min(cursor.fetchone()[0], MOST_ROUNDS)
        for number in range(1, rounds + 1):
            changed = self._within_limits(
                "verdict = 'match'", partial(self._run_update, columns, number)
            )
            self.changed = self.changed.union(*changed)

    def _run_update(self, columns: Sequence[str], number: int, span: Span) -> set[int]:
        fields = {column.column: column for column in self.declaration.model._meta.concrete_fields}
        merged = [_merged(fields[column], self.policy) for column in columns]
        names = [sql.Identifier(column) for column in columns]
        assigned = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(name, value)
            for name, value in zip(names, merged, strict=True)
        )
        differs = sql.SQL(" OR ").join(
            sql.SQL("p.{} IS DISTINCT FROM {}").format(name, value)
            for name, value in zip(names, merged, strict=True)
        )
        return self._rows(
            "UPDATE {table} AS p SET {assigned} FROM stage AS s "
            "WHERE s.verdict = 'match' AND s.round = {number} AND s.n BETWEEN {first} AND {last} "
            "AND p.id = s.target AND ({differs}) RETURNING s.n",
            assigned=assigned,
            differs=differs,
            number=sql.Literal(number),
            first=sql.Literal(span[0]),
            last=sql.Literal(span[1]),
        )

    def _write_ways(self, name: str, kind: Any) -> None:
        """Add addresses a record does not have yet; none is taken away by a file."""
        own = [
            column.column
            for column in kind.model._meta.concrete_fields
            if column.column not in ("id", "party_id", "is_primary")
        ]
        parts = {
            "ways": sql.Identifier(kind.model._meta.db_table),
            "staged": ways_table(name),
            "listed": sql.SQL(", ").join(sql.Identifier(column) for column in own),
            "taken": sql.SQL(", ").join(sql.SQL("w.{}").format(sql.Identifier(c)) for c in own),
        }
        self._run(NEW_WAYS, **parts)
        if self.policy != "skip" and self.matched:
            self.changed |= self._rows(MORE_WAYS, **parts)

    def _write_ledger(self) -> None:
        # To be ready for rows that are noted costs twice what it costs to add them.
        again = sql.SQL(NOTED_AGAIN if self._count("is_noted") else "")
        self._run(LEDGER, run=sql.Literal(self.run_id), again=again)

    def _count(self, condition: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT count(*) FROM stage WHERE {}").format(sql.SQL(condition))
            )
            return int(cursor.fetchone()[0])

    def _rows(self, statement: str, **names: sql.Composable) -> set[int]:
        """The numbers of rows that a statement gives back."""
        composed = sql.SQL(statement).format(table=sql.Identifier(self.table), **names)
        with connection.cursor() as cursor:
            cursor.execute(composed)
            return {number for (number,) in cursor.fetchall()}

    def _run(self, statement: str, **names: sql.Composable) -> int:
        composed = sql.SQL(statement).format(table=sql.Identifier(self.table), **names)
        with connection.cursor() as cursor:
            cursor.execute(composed)
            return int(cursor.rowcount)


def _merged(column: models.Field[Any, Any], policy: str) -> sql.Composed:
    """What a column becomes: blanks in the file never erase; `fill` only fills blanks."""
    name = sql.Identifier(column_of(column))
    old, new = sql.SQL("p.{}").format(name), sql.SQL("s.{}").format(name)
    first, second = (new, old) if policy == "update" else (old, new)
    if isinstance(column, CustomValues):
        # What the file doesn't name stays, and what it names is never blank.
        said = sql.SQL(SAID).format(new=new, old=old)
        first, second = (said, old) if policy == "update" else (old, said)
        return sql.SQL("coalesce({}, '{{}}') || coalesce({}, '{{}}')").format(second, first)
    return sql.SQL("CASE WHEN {blank} THEN {second} ELSE {first} END").format(
        blank=_is_blank(column, first), first=first, second=second
    )


def _is_blank(column: models.Field[Any, Any], value: sql.Composed) -> sql.Composed:
    if isinstance(column, models.TextField):
        return sql.SQL("coalesce({}, '') = ''").format(value)
    if isinstance(column, ArrayField):
        return sql.SQL("cardinality({}) = 0").format(value)
    if isinstance(column, models.JSONField):
        return sql.SQL("coalesce({}, '{{}}') = '{{}}'").format(value)
    return sql.SQL("{} IS NULL").format(value)


def sentence(verdict: str) -> str:
    """Why a row was set aside."""
    if verdict == "denied":
        return _("This row belongs to a record that is not yours to change.")
    if verdict == "unknown":
        return _("The key of this row leads to no record that you can see here.")
    if verdict == DOUBLE:
        return _("Another record has the same value in a field that must be unlike any other's.")
    return _("This row may be one of several records here. Say which, or make it a new one.")

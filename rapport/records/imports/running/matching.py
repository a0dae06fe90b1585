"""Which staged rows are known already: by the ledger, by keys, and among themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from psycopg import ClientCursor, sql

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.imports.running import merged
from rapport.records.imports.running.kept import keep_keys
from rapport.records.imports.running.staging import ways_table
from rapport.records.kinds.relation import Relation
from rapport.records.sql import column_at, column_of
from rapport.records.store.giving import editing


def match(
    principal: Principal,
    declaration: type[Object],
    policy: str,
    columns: Collection[str],
    *,
    keeps_keys: bool = False,
) -> None:
    """Give every staged row its verdict: same, match, review, denied, unknown, or '' for new.

    The order: a row seen before; an equal row above; the record whose id it has; then each step of
    the declaration, first against the records one may see, then against rows above in the chunk.
    `columns` are those that any row brings. A row whose id leads nowhere is unknown; where keys
    are kept, it becomes the record with that id, and only ids are compared.
    """
    table = sql.Identifier(declaration.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(SEEN_BEFORE).format(table=table))
        follows_merges = merged.has_merges(declaration)
        for statement in merged.lead_on(declaration) if follows_merges else []:
            cursor.execute(statement)
        cursor.execute(sql.SQL(SAME_ROW))
        if policy == "create":
            return
        records = _seen(principal, declaration)
        cursor.execute(sql.SQL(NAMED).format(records=records))
        met = cursor.rowcount
        if keeps_keys:
            keep_keys()
        cursor.execute(UNKNOWN)
        for step in [] if keeps_keys else steps(declaration, columns):
            for statement in _step(declaration, step, records, follows_merges=follows_merges):
                cursor.execute(statement)
                met += cursor.rowcount
        if not met and not keeps_keys:
            return
        for _turn in range(3):
            cursor.execute(FOLLOW)
        cursor.execute(FOLLOW_ASIDE)
        cursor.execute(ROUNDS)
        brought = {one.removesuffix("_id") for one in columns} - {"private"}
        action = editing(declaration, brought)
        if not access.reaches_all(principal, declaration, action):
            mine = literal(access.rows(principal, declaration.name, action).values("pk"))
            cursor.execute(sql.SQL(REFUSED).format(table=table, mine=mine))


def set_strangers_aside() -> None:
    """Let rows that met no record be unknown instead of new, and those that followed them."""
    with connection.cursor() as cursor:
        cursor.execute(STRANGERS)


STRANGERS = """
UPDATE stage SET verdict = 'unknown'
WHERE verdict = '' OR (verdict IN ('match', 'same')
  AND target IN (SELECT id FROM stage WHERE verdict = ''))
"""
# What is here is looked up row by row, behind OFFSET 0: the statistics of a table that is being
# filled say that it is empty, and a join planned by them reads all of it for every chunk.
SEEN_BEFORE = """
UPDATE stage SET is_noted = true,
  verdict = CASE WHEN seen.id IS NULL THEN verdict ELSE 'same' END,
  target = coalesce(seen.id, target)
FROM (
  SELECT s.n, p.id FROM stage AS s
  CROSS JOIN LATERAL (SELECT l.record_id FROM records_importledger AS l
                      WHERE l.fingerprint = s.fingerprint OFFSET 0) AS l
  LEFT JOIN LATERAL (SELECT p.id FROM {table} AS p
                     WHERE p.id = l.record_id AND p.deleted_at IS NULL OFFSET 0) AS p ON true
) AS seen
WHERE seen.n = stage.n
"""
SAME_ROW = """
UPDATE stage SET verdict = 'same', target = above.id
FROM (SELECT fingerprint, min(n) AS n FROM stage GROUP BY fingerprint HAVING count(*) > 1) AS first
JOIN stage AS above ON above.n = first.n
WHERE stage.fingerprint = first.fingerprint AND stage.n > first.n AND stage.verdict = ''
"""
NAMED = """
UPDATE stage SET verdict = 'match' FROM {records} AS p
WHERE p.id = target AND target IS NOT NULL AND verdict = ''
"""
# Records that are in the trash, not one's to see, or never were.
UNKNOWN = "UPDATE stage SET verdict = 'unknown' WHERE verdict = '' AND target IS NOT NULL"
# A row may follow one that itself follows another, or one that met a record.
FOLLOW = """
UPDATE stage SET target = leader.target FROM stage AS leader
WHERE stage.verdict = 'match' AND leader.id = stage.target
  AND leader.verdict IN ('match', 'same') AND leader.target IS NOT NULL
"""
# One that follows a row which a later step left for a person has nothing to follow.
FOLLOW_ASIDE = """
UPDATE stage SET verdict = 'review', target = NULL, candidates = leader.candidates
FROM stage AS leader
WHERE stage.verdict = 'match' AND leader.id = stage.target AND leader.verdict = 'review'
"""
# Several rows may meet one record: they are written one after the other.
ROUNDS = """
UPDATE stage SET round = counted.round
FROM (SELECT n, row_number() OVER (PARTITION BY target ORDER BY n) AS round
      FROM stage WHERE verdict = 'match') AS counted
WHERE counted.n = stage.n AND counted.round > 1
"""
REFUSED = """
UPDATE stage SET verdict = 'denied' WHERE verdict = 'match' AND target IN (SELECT id FROM {table})
  AND target NOT IN ({mine})
"""
FOUND = """
WITH found AS (
  SELECT n, array_agg(DISTINCT id) FILTER (WHERE agrees) AS sure,
         array_agg(DISTINCT id) AS possible
  FROM ({pairs}) AS pair GROUP BY n
)
UPDATE stage SET
  verdict = CASE WHEN cardinality(found.sure) = 1 THEN 'match' ELSE 'review' END,
  target = CASE WHEN cardinality(found.sure) = 1 THEN found.sure[1] END,
  candidates = CASE WHEN cardinality(found.sure) = 1 THEN NULL ELSE found.possible END
FROM found WHERE found.n = stage.n
"""
ABOVE = """
WITH found AS (
  SELECT DISTINCT ON (s.n) s.n, above.id
  FROM stage AS s {join}
  WHERE s.verdict = '' AND above.verdict IN ('', 'match') AND above.n < s.n AND {equal}
  ORDER BY s.n, above.n
)
UPDATE stage SET verdict = 'match', target = found.id FROM found WHERE found.n = stage.n
"""


def steps(declaration: type[Object], columns: Collection[str]) -> list[tuple[str, ...]]:
    """The steps of matching that can find anything for rows that bring these columns."""
    return [
        step
        for step in declaration.match
        if all(_may_be_given(declaration, name, columns) for name in step)
    ]


def _may_be_given(declaration: type[Object], name: str, columns: Collection[str]) -> bool:
    if declaration.fields[name].staged:
        return True
    column = column_at(declaration.model, declaration.fields[name].path)
    return isinstance(column, models.GeneratedField) or column_of(column) in columns


def _step(
    declaration: type[Object],
    step: tuple[str, ...],
    records: sql.Composable,
    *,
    follows_merges: bool,
) -> list[sql.Composed]:
    kind = declaration.fields[step[0]]
    if kind.staged:
        return _by_ways(declaration, step[0], records)
    found, above = _by_columns(declaration, step, records)
    if not follows_merges:
        return [found, above]
    return [found, *merged.by_former_key(declaration, step, records, FOUND), above]


def _by_ways(declaration: type[Object], field: str, records: sql.Composable) -> list[sql.Composed]:
    kind: Any = declaration.fields[field]
    title = sql.Identifier(declaration.fields[declaration.title].path)
    names = {
        "ways": sql.Identifier(kind.model._meta.db_table),
        "staged": ways_table(field),
        "title": title,
        "records": records,
    }
    pairs = sql.SQL(
        """SELECT s.n, p.id, agreement.degree = 2 AS agrees
           FROM stage AS s
           JOIN {staged} AS w ON w.n = s.n
           CROSS JOIN LATERAL (SELECT e.party_id FROM {ways} AS e
                               WHERE e.normalised = w.normalised OFFSET 0) AS e
           CROSS JOIN LATERAL (SELECT p.id, p.{title} FROM {records} AS p
                               WHERE p.id = e.party_id OFFSET 0) AS p
           CROSS JOIN LATERAL (
             SELECT rapport_names_agree(p.{title}, s.{title}) AS degree
           ) AS agreement
           WHERE s.verdict = '' AND agreement.degree > 0"""
    ).format(**names)
    above = sql.SQL(ABOVE).format(
        join=sql.SQL(
            """JOIN {staged} AS w ON w.n = s.n
               JOIN {staged} AS v ON v.normalised = w.normalised
               JOIN stage AS above ON above.n = v.n"""
        ).format(**names),
        equal=sql.SQL("rapport_names_agree(above.{title}, s.{title}) = 2").format(**names),
    )
    return [sql.SQL(FOUND).format(pairs=pairs), above]


def _by_columns(
    declaration: type[Object], step: tuple[str, ...], records: sql.Composable
) -> list[sql.Composed]:
    equal = sql.SQL(" AND ").join(
        [*(_equal(declaration, name, "p") for name in step), _same_key(declaration, step, "p")]
    )
    certain = sql.SQL(" AND ").join(
        [sql.SQL("true"), *(_no_clash(declaration, name, step) for name in declaration.fields)]
    )
    pairs = sql.SQL(
        "SELECT s.n, p.id, {certain} AS agrees FROM stage AS s "
        "CROSS JOIN LATERAL (SELECT * FROM {records} AS p WHERE {equal} OFFSET 0) AS p "
        "WHERE s.verdict = ''"
    ).format(records=records, equal=equal, certain=certain)
    above = sql.SQL(ABOVE).format(
        join=sql.SQL("JOIN stage AS above ON {}").format(
            sql.SQL(" AND ").join(_equal(declaration, name, "above") for name in step)
        ),
        equal=sql.SQL(" AND ").join(
            [
                _same_key(declaration, step, "above"),
                *(_no_clash_above(declaration, name, step) for name in declaration.fields),
            ]
        ),
    )
    return [sql.SQL(FOUND).format(pairs=pairs), above]


def folded(declaration: type[Object], name: str, table: str) -> tuple[sql.Composed, sql.Composed]:
    """A column as rows are compared by it, and whether a row has a value there; texts are folded,
    so that the sort index serves."""
    column = column_at(declaration.model, declaration.fields[name].path)
    value = sql.SQL("{}.{}").format(sql.Identifier(table), sql.Identifier(column_of(column)))
    output = column.output_field if isinstance(column, models.GeneratedField) else column
    if isinstance(output, models.TextField):
        return sql.SQL("rapport_sort({})").format(value), sql.SQL("{} <> ''").format(value)
    return value, sql.SQL("{} IS NOT NULL").format(value)


def _equal(declaration: type[Object], name: str, other: str) -> sql.Composed:
    """Both have the value."""
    own, is_given = folded(declaration, name, "s")
    theirs, _is_given = folded(declaration, name, other)
    return sql.SQL("{} = {} AND {}").format(theirs, own, is_given)


def _same_key(declaration: type[Object], step: tuple[str, ...], other: str) -> sql.Composable:
    """Two that only share a name, or only belong to the same record, such as two leads of one
    person, are not one when each has an external id of its own."""
    fields = declaration.fields
    is_loose = declaration.title in step or all(isinstance(fields[one], Relation) for one in step)
    if not is_loose or "external_id" not in fields:
        return sql.SQL("true")
    return sql.SQL(
        "(s.external_id = '' OR {other}.external_id = '' OR {other}.external_id = s.external_id)"
    ).format(other=sql.Identifier(other))


def _no_clash(declaration: type[Object], name: str, step: tuple[str, ...]) -> sql.Composable:
    """Whoever has other addresses of the same sort may be another of the same name."""
    if not _tells_apart(declaration, name, step):
        return sql.SQL("true")
    kind: Any = declaration.fields[name]
    return sql.SQL(
        """(NOT EXISTS (SELECT 1 FROM {staged} AS w WHERE w.n = s.n)
            OR NOT EXISTS (SELECT 1 FROM {ways} AS e WHERE e.party_id = p.id))"""
    ).format(staged=ways_table(name), ways=sql.Identifier(kind.model._meta.db_table))


def _no_clash_above(declaration: type[Object], name: str, step: tuple[str, ...]) -> sql.Composable:
    if not _tells_apart(declaration, name, step):
        return sql.SQL("true")
    return sql.SQL(
        """(NOT EXISTS (SELECT 1 FROM {staged} AS w WHERE w.n = s.n)
            OR NOT EXISTS (SELECT 1 FROM {staged} AS w WHERE w.n = above.n))"""
    ).format(staged=ways_table(name))


def _tells_apart(declaration: type[Object], name: str, step: tuple[str, ...]) -> bool:
    is_own_step = (name,) in declaration.match
    return len(step) > 1 and is_own_step and declaration.fields[name].staged


def _seen(principal: Principal, declaration: type[Object]) -> sql.Composable:
    """The records one may see, as a table of the statement."""
    if access.reaches_all(principal, declaration):
        return sql.SQL("(SELECT * FROM {} WHERE deleted_at IS NULL)").format(
            sql.Identifier(declaration.model._meta.db_table)
        )
    return sql.SQL("({})").format(literal(access.rows(principal, declaration.name)))


def literal(query: QuerySet[Any]) -> sql.SQL:
    """A queryset as SQL text with its values written in by the driver."""
    statement, params = query.order_by().query.sql_with_params()
    text = ClientCursor(connection.connection).mogrify(statement, params)
    return sql.SQL(text)

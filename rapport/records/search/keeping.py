"""Documents and lexicon are kept from the change log, in sets, by the worker.

Nothing is written where a record is: what an import costs, it costs without search. Whatever the
cursor has not reached yet is looked at as it stands (`finding`), so that nothing is found late.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from rapport.records import registry
from rapport.records.compiled import Compiled
from rapport.records.declare import Object
from rapport.records.models import Cursor, SearchDocument, SearchShape
from rapport.records.search.documents import documents, searched_objects, shape
from rapport.records.search.files import read_new_files
from rapport.records.search.lexicon import drop_unused, words_in

CURSOR = "search"
#: Rows of the log, or records, that one transaction takes in.
STEP = 10_000
#: Steps after which the planner is told.
MANY = 5

END = """
SELECT max(xid::text::bigint) FROM (
  SELECT xid FROM records_change
  WHERE xid > %(after)s::text::xid8 AND xid < rapport_log_edge()
  ORDER BY xid, id LIMIT %(most)s
) AS stretch
"""
TOUCHED = """
SELECT DISTINCT record_id FROM records_change
WHERE xid > %(after)s::text::xid8 AND xid <= %(last)s::text::xid8 AND record_id IS NOT NULL
"""
NOW = "SELECT rapport_log_edge()::text::bigint - 1"
KEEP = """
WITH made (id, object, words) AS MATERIALIZED ({documents}), kept AS (
  INSERT INTO records_searchdocument AS d (id, object, words) SELECT id, object, words FROM made
  ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words
  WHERE d.words IS DISTINCT FROM EXCLUDED.words
  RETURNING object, words
), learned AS (
  INSERT INTO records_searchword (word)
  SELECT DISTINCT one.word FROM (
    SELECT substr(lexeme, length(k.object) + 2) AS word
    FROM kept AS k, unnest(tsvector_to_array(k.words)) AS lexeme
  ) AS one
  WHERE rapport_is_lexical(one.word)
  ON CONFLICT (word) DO NOTHING
)
SELECT id FROM made
"""


def catch_up() -> None:
    """Bring the documents in line with the log, and make those of objects that have none yet.

    Several processes may call it at once: they take turns.
    """
    steps = 0
    while _follow():
        steps += 1
    for declaration in searched_objects():
        while _make(declaration):
            steps += 1
    _forget_objects()
    if steps >= MANY:
        # Searches planned for few records would read through many until the database looks itself.
        with connection.cursor() as cursor:
            cursor.execute("SELECT rapport_survey_documents()")


def _follow() -> bool:
    """Take in one stretch of the log; whether there was one."""
    stretch = _stretch()
    if stretch is None:
        return False
    after, last = stretch
    read_new_files(after, last)
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn()
        at = Cursor.objects.get(name=CURSOR)
        if at.xid != after:
            return True
        cursor.execute(TOUCHED, {"after": after, "last": last})
        keep([key for (key,) in cursor.fetchall()], searched_objects())
        Cursor.objects.filter(name=CURSOR).update(xid=last)
    return True


def _stretch() -> tuple[int, int] | None:
    """From where to where to read the log; what was before the first call is read from tables."""
    at = Cursor.objects.filter(name=CURSOR).first()
    with connection.cursor() as cursor:
        if at is None:
            cursor.execute(NOW)
            (now,) = cursor.fetchone()
            Cursor.objects.get_or_create(name=CURSOR, defaults={"xid": now})
            return None
        cursor.execute(END, {"after": at.xid, "most": STEP})
        (last,) = cursor.fetchone()
    return None if last is None else (at.xid, last)


def _make(declaration: type[Object]) -> bool:
    """Make the next documents of an object whose shape changed; whether there may be more."""
    wanted = shape(declaration)
    with transaction.atomic():
        _take_turn()
        at, _new = SearchShape.objects.get_or_create(
            object=declaration.name, defaults={"digest": wanted}
        )
        if at.digest != wanted:
            at.digest, at.done_to, at.is_ready = wanted, None, False
        elif at.is_ready:
            return False
        rows = declaration.model._default_manager.order_by("pk")
        after = rows.filter(pk__gt=at.done_to) if at.done_to else rows
        ids = list(after.values_list("pk", flat=True)[:STEP])
        keep(ids, [declaration])
        at.done_to = ids[-1] if ids else at.done_to
        at.is_ready = len(ids) < STEP
        at.save()
        return not at.is_ready


def keep(ids: Sequence[UUID], objects: Sequence[type[Object]]) -> None:
    """Make the documents of these records what the records say now, and the lexicon with them."""
    if not ids:
        return
    before = words_in(ids)
    made: set[UUID] = set()
    for declaration in objects:
        found = documents(registry.edition(), declaration.name)
        made |= {key for (key,) in _keeping(found).run(ids=list(ids))}
    gone = SearchDocument.objects.filter(pk__in=set(ids) - made)
    gone.filter(object__in=[one.name for one in objects]).delete()
    if before:
        drop_unused(before - words_in(ids))


@transaction.atomic
def keep_again(ids: Collection[UUID]) -> None:
    """Make documents anew though nothing of their records was logged."""
    _take_turn()
    keep(sorted(ids), searched_objects())


def _keeping(found: Compiled) -> Compiled:
    text = sql.SQL(KEEP).format(documents=sql.SQL(found.text)).as_string(None)
    return Compiled(text, found.values)


def _forget_objects() -> None:
    """Let go of what belongs to objects that are searched no more."""
    names = [one.name for one in searched_objects()]
    gone = SearchShape.objects.exclude(object__in=names)
    if not gone.exists():
        return
    with transaction.atomic():
        _take_turn()
        ids = list(SearchDocument.objects.exclude(object__in=names).values_list("pk", flat=True))
        before = words_in(ids)
        SearchDocument.objects.filter(pk__in=ids).delete()
        drop_unused(before)
        gone.delete()


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rapport.search'))")

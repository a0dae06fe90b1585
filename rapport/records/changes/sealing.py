"""Closed stretches of the change log are sealed, each seal chained to the one before.

Whoever alters, adds or takes away a row of a sealed stretch, even with all rights in the database,
breaks its seal; a new seal he can't sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from django.db import connection, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from procrastinate.contrib.django import app

from rapport.records.changes.anchoring import drop_anchor
from rapport.records.models import Seal

#: Rows under one seal, but that a transaction is sealed whole.
STRETCH = 50_000
BEGINNING = b"\0" * 32

END = """
SELECT max(xid::text::bigint) FROM (
  SELECT xid FROM records_change
  WHERE xid > %(after)s::text::xid8 AND xid < rapport_log_edge()
  ORDER BY xid, id LIMIT %(most)s
) AS stretch
"""
# Titles are left out: they may name people, and can be forgotten. Who did it and how can't.
# Values that the law had blanked are accounted for by their tombstone (`forgetting`).
ROOT = """
SELECT count(*), coalesce(sha256(string_agg(leaf, '' ORDER BY xid, id)), '')
FROM (
  SELECT c.xid, c.id, sha256(convert_to(jsonb_build_array(
           c.id, extract(epoch FROM c.at), c.change_set, c.object, c.table_name, c.row_id,
           c.record_id, c.kind, s.user_id, s.principal, s.via,
           coalesce(s.undo_of_id, s.part_undo_of_id), s.parent,
           extract(epoch FROM s.at))::text, 'UTF8') || rapport_digest(c)) AS leaf
  FROM records_change AS c LEFT JOIN records_changeset AS s ON s.id = c.change_set
  WHERE c.xid > %(after)s::text::xid8 AND c.xid <= %(last)s::text::xid8
) AS leaves
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A seal that doesn't hold, and why."""

    number: int
    reason: str


@app.periodic(cron="*/10 * * * *")
@app.task(name="records.seal", queue="maintenance", queueing_lock="records.seal")
def seal_regularly(timestamp: int) -> None:
    """Seal what was closed since, and write the end of the chain down outside the database."""
    seal()
    drop_anchor()


def seal() -> int:
    """Seal every stretch of the log that no transaction adds to any more; how many seals it took.

    Stretches follow each other, so that sealers take turns.
    """
    made = 0
    while _seal_next():
        made += 1
    return made


def broken_seals(most_rows: int | None = None) -> Iterator[Broken]:
    """The seals that don't hold, newest first; all are chained and signed, and the rows of the
    newest, up to so many, are looked at one by one."""
    looked_at = 0
    newest = list(Seal.objects.order_by("-number"))
    for one, before in zip_longest(newest, newest[1:]):
        fault = _chain_fault(one, before)
        if not fault and (most_rows is None or looked_at < most_rows):
            looked_at += one.rows
            fault = _row_fault(one)
        if fault:
            yield Broken(one.number, fault)


def _seal_next() -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rapport.seal'))")
        before = Seal.objects.order_by("-number").first()
        after = before.last if before else 0
        cursor.execute(END, {"after": after, "most": STRETCH})
        (last,) = cursor.fetchone()
        if last is None:
            return False
        rows, root = _root(after, last)
        made = Seal(
            number=before.number + 1 if before else 1, after=after, last=last, rows=rows, root=root
        )
        made.digest = _digest(made, before)
        made.signature = _signature(made.digest)
        made.save(force_insert=True)
        return True


def _chain_fault(one: Seal, before: Seal | None) -> str:
    if bytes(one.digest) != _digest(one, before):
        return "it does not follow the seal before"
    if one.number != (before.number + 1 if before else 1):
        return "a seal before it is missing"
    if one.after != (before.last if before else 0):
        return "it does not begin where the seal before ends"
    if not constant_time_compare(bytes(one.signature), _signature(bytes(one.digest))):
        return "it was not signed with this instance's key"
    return ""


def _row_fault(one: Seal) -> str:
    is_whole = _root(one.after, one.last) == (one.rows, bytes(one.root))
    return "" if is_whole else "rows or their values were added, taken away or altered"


def _root(after: int, last: int) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(ROOT, {"after": after, "last": last})
        rows, root = cursor.fetchone()
    return rows, bytes(root)


def _digest(one: Seal, before: Seal | None) -> bytes:
    stretch = f"{one.number} {one.after} {one.last} {one.rows}"
    chained = bytes(before.digest) if before else BEGINNING
    return hashlib.sha256(chained + stretch.encode() + b"\0" + bytes(one.root)).digest()


def _signature(digest: bytes) -> bytes:
    return salted_hmac("rapport.seal", digest, algorithm="sha256").digest()

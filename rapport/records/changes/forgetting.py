"""Making the log forget what was personal about somebody, and proving that nothing else is gone.

Only values go: who changed which field of which record, when and through what stays, under the
seals. Each blanked row names its tombstone, and the tombstone accounts for each blanked row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, registry
from rapport.records.changes.personal import personal_columns
from rapport.records.kinds.base import is_storable
from rapport.records.models import Change, Tombstone
from rapport.records.store.errors import Missing, Rejected

BEGINNING = b"\0" * 32
LONGEST_REASON = 500

# A digest stays, so that seals hold; the salt goes, so that nobody can try values out on it.
BLANK = """
UPDATE records_change AS c
SET old = c.old - p.columns, new = c.new - p.columns, digest = rapport_digest(c), salt = NULL,
    tombstone = %(number)s,
    blanked = ARRAY(
      SELECT k FROM jsonb_object_keys(coalesce(c.old, '{}') || coalesce(c.new, '{}')) AS k
      WHERE k = ANY (p.columns) ORDER BY k
    )
FROM (
  SELECT key AS name, ARRAY(SELECT jsonb_array_elements_text(value)) AS columns
  FROM jsonb_each(%(columns)s::jsonb)
) AS p
WHERE c.record_id = %(record)s AND c.table_name = p.name AND c.tombstone IS NULL
  AND (c.old ?| p.columns OR c.new ?| p.columns)
"""
# What a set is called may name the person; one that touched others too is called by something else.
UNTITLE = """
UPDATE records_changeset AS s SET title = ''
WHERE title <> '' AND id IN (SELECT change_set FROM records_change WHERE record_id = %(record)s)
  AND NOT EXISTS (
    SELECT 1 FROM records_change AS c WHERE c.change_set = s.id AND c.record_id <> %(record)s
  )
"""
ROOT = """
SELECT count(*), coalesce(sha256(string_agg(leaf, '' ORDER BY at, id)), '')
FROM (
  SELECT at, id, sha256(
           convert_to(jsonb_build_array(id, blanked, old, new)::text, 'UTF8') || digest
         ) AS leaf
  FROM records_change WHERE record_id = %(record)s AND tombstone = %(number)s
) AS leaves
"""
STRAY = """
SELECT count(*) FROM records_change AS c
WHERE c.tombstone IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM records_tombstone AS t
  WHERE t.number = c.tombstone AND t.record_id = c.record_id
)
"""
BURY = """
INSERT INTO records_tombstone
  (number, at, user_id, object, record_id, reason, rows, root, digest, signature)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Bad:
    """A tombstone that doesn't hold, and why."""

    number: int
    reason: str


def check_forgetting(principal: Principal, name: str) -> None:
    """Raises access.Denied to everyone but owners of the workspace, and to an owner's program that
    may only read."""
    if not principal.is_owner or principal.grant(name).edit == Scope.NONE:
        raise access.Denied(_("Only an owner of the workspace can make the log forget."))


def forgettable(name: str, record_id: UUID) -> int:
    """How many logged rows hold values of the record that would be blanked."""
    columns = personal_columns(registry.get(name))
    rows = Change.objects.filter(record_id=record_id, table__in=list(columns), tombstone=None)
    found = 0
    for table, some in columns.items():
        of_table = rows.filter(table=table)
        was, became = (
            of_table.filter(old__has_any_keys=some),
            of_table.filter(new__has_any_keys=some),
        )
        found += (was | became).count()
    return found


def forget(principal: Principal, name: str, record_id: UUID, reason: str) -> Tombstone:
    """Blank the personal values that the log has of a record, for good.

    What the record holds today stays; it may be gone already. Raises access.Denied, Missing where
    the log has nothing to forget, Rejected without a reason.
    """
    check_forgetting(principal, name)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason or not is_storable(reason):
        raise Rejected({"reason": _("Say why, such as the number of the request.")})
    columns = personal_columns(registry.get(name))
    with psycopg.connect(settings.INSTANCE.owner_database_url) as owner:
        owner.execute("SET LOCAL statement_timeout = 0")
        owner.execute("SELECT pg_advisory_xact_lock(hashtext('rapport.tombstone'))")
        before = Tombstone.objects.order_by("-number").first()
        number = before.number + 1 if before else 1
        facts = {"record": record_id, "number": number, "columns": json.dumps(columns)}
        owner.execute(BLANK, facts)
        owner.execute(UNTITLE, facts)
        rows, root = owner.execute(ROOT, facts).fetchone() or (0, b"")
        if not rows:
            raise Missing(_("The log holds nothing about this record that could be forgotten."))
        made = Tombstone(
            number=number, at=timezone.now(), user_id=principal.user_id, object=name,
            record_id=record_id, reason=reason, rows=rows, root=root,
        )  # fmt: skip
        made.digest = _digest(made, before)
        made.signature = _signature(made.digest)
        owner.execute(BURY, _row(made))
    return made


def bad_tombstones() -> Iterator[Bad]:
    """The tombstones that don't hold, newest first, and rows that were blanked under none."""
    newest = list(Tombstone.objects.order_by("-number"))
    for one, before in zip_longest(newest, newest[1:]):
        if fault := _chain_fault(one, before) or _rows_fault(one):
            yield Bad(one.number, fault)
    with connection.cursor() as cursor:
        cursor.execute(STRAY)
        stray = cursor.fetchone()[0]
    if stray:
        yield Bad(0, f"{stray} rows were blanked under no tombstone")


def _row(made: Tombstone) -> Sequence[object]:
    return (
        made.number, made.at, made.user_id, made.object, made.record_id, made.reason, made.rows,
        made.root, made.digest, made.signature,
    )  # fmt: skip


def _chain_fault(one: Tombstone, before: Tombstone | None) -> str:
    if one.number != (before.number + 1 if before else 1):
        return "a tombstone before it is missing"
    if bytes(one.digest) != _digest(one, before):
        return "it does not follow the tombstone before, or was altered"
    if not constant_time_compare(bytes(one.signature), _signature(bytes(one.digest))):
        return "it was not signed with this instance's key"
    return ""


def _rows_fault(one: Tombstone) -> str:
    with connection.cursor() as cursor:
        cursor.execute(ROOT, {"record": one.record_id, "number": one.number})
        rows, root = cursor.fetchone()
    is_whole = (rows, bytes(root)) == (one.rows, bytes(one.root))
    return "" if is_whole else "the rows it accounts for are not those that were blanked"


def _digest(one: Tombstone, before: Tombstone | None) -> bytes:
    facts = json.dumps(
        [one.number, _moment(one.at), str(one.user_id), one.object, str(one.record_id),
         one.reason, one.rows]
    )  # fmt: skip
    chained = bytes(before.digest) if before else BEGINNING
    return hashlib.sha256(chained + facts.encode() + b"\0" + bytes(one.root)).digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _signature(digest: bytes) -> bytes:
    return salted_hmac("rapport.tombstone", digest, algorithm="sha256").digest()

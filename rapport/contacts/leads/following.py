"""From the log to whoever is to have a lead: new ones are routed wherever they came from, and the
clock of those that were answered is stopped."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from rapport.contacts.leads.answering import note_answers
from rapport.contacts.leads.assigning import route_new_leads
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Cursor

CURSOR = "leads"
#: Rows of the log that are looked through in one transaction.
STRETCH = 10_000
NOW = "SELECT rapport_log_edge()::text::bigint - 1"
END = """
SELECT max(xid::text::bigint) FROM (
  SELECT xid FROM records_change WHERE xid > %(after)s::text::xid8 AND xid < rapport_log_edge()
  ORDER BY xid LIMIT %(most)s
) AS stretch
"""
# What an undo brings back was routed when it came.
CAME = """
SELECT coalesce(made.parent, made.id), array_agg(DISTINCT change.record_id)
FROM records_change AS change
JOIN records_changeset AS made ON made.id = change.change_set
WHERE change.xid > %(after)s::text::xid8 AND change.xid <= %(last)s::text::xid8
  AND change.table_name = 'contacts_lead' AND change.kind = 'create'
  AND made.undo_of_id IS NULL AND made.part_undo_of_id IS NULL
GROUP BY 1 ORDER BY min(change.xid::text::bigint)
"""


def follow() -> None:
    """Look after leads as far as the log goes; nothing older than the first call."""
    refresh()
    while _follow():
        pass


@transaction.atomic
def _follow() -> bool:
    """Go through one stretch of the log; whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        (now,) = cursor.fetchone()
        Cursor.objects.get_or_create(name=CURSOR, defaults={"xid": now})
        at = Cursor.objects.select_for_update().get(name=CURSOR)
        cursor.execute(END, {"after": str(at.xid), "most": STRETCH})
        (last,) = cursor.fetchone()
        if last is None:
            return False
        cursor.execute(CAME, {"after": str(at.xid), "last": str(last)})
        came: list[tuple[UUID, list[UUID]]] = cursor.fetchall()
    for act, ids in came:
        route_new_leads(ids, part_of=act)
    note_answers()
    Cursor.objects.filter(pk=at.pk).update(xid=last)
    return True

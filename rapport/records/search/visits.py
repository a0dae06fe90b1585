"""The records somebody looked at last: what he most likely looks for."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.models import Visit
from rapport.records.search.documents import is_searched

#: Visits that count, and for how long.
MOST, DAYS = 50, 90

# It says nothing that anybody could not lose, so nobody waits for the disk.
NOTE = """
INSERT INTO records_visit (user_id, record_id, object, at)
SELECT %(user)s, %(record)s, %(object)s, now()
FROM set_config('synchronous_commit', 'off', true)
ON CONFLICT (user_id, record_id) DO UPDATE SET at = EXCLUDED.at
"""
OUTNUMBERED = """
DELETE FROM records_visit AS v USING (
  SELECT user_id, record_id, row_number() OVER (PARTITION BY user_id ORDER BY at DESC) AS place
  FROM records_visit
) AS p
WHERE p.user_id = v.user_id AND p.record_id = v.record_id AND p.place > %s
"""


def note_visit(principal: Principal, declaration: type[Object], record_id: UUID) -> None:
    """Note that a colleague looked at a record; one statement."""
    if principal.kind != "staff" or principal.viewed_by:
        return
    if not _counts(registry.edition(), declaration.name):
        return
    facts: dict[str, Any] = {
        "user": principal.user_id,
        "record": record_id,
        "object": declaration.name,
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts)


@lru_cache(maxsize=256)
def _counts(_edition: int, name: str) -> bool:
    """Whether records of this object are looked for: settings are not."""
    return is_searched(registry.get(name))


@app.periodic(cron="43 3 * * *")
@app.task(name="records.forget_visits", queue="maintenance")
def forget_visits(timestamp: int) -> None:
    """Forget visits long ago, and all but each one's last."""
    Visit.objects.filter(at__lt=timezone.now() - timedelta(days=DAYS)).delete()
    with connection.cursor() as cursor:
        cursor.execute(OUTNUMBERED, [MOST])

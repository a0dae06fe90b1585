"""The first statement of every change: its set, and what the triggers need to know of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from rapport.accounts.principals import Principal

AGENT = "agent"

# Triggers and foreign keys keep the plans of their small questions; what people ask of lists is
# better planned each time.
OPEN = """
WITH opened AS (
  INSERT INTO records_changeset
    (id, user_id, principal, token, via, title, undo_of_id, part_undo_of_id, parent)
  VALUES (%(id)s, %(user)s, %(principal)s, %(token)s, %(via)s, %(title)s, %(undo_of)s,
          %(part_undo_of)s, %(parent)s) RETURNING id
)
SELECT set_config('rapport.change_set', id::text, true),
       set_config('rapport.user', %(as_text)s, true),
       set_config('plan_cache_mode', 'auto', true),
       set_config('rapport.undo', CASE WHEN coalesce(%(undo_of)s::uuid, %(part_undo_of)s) IS NULL
                                THEN '' ELSE 'yes' END, true),
       (SELECT metadata_version FROM accounts_workspace)
FROM opened
"""


def through(principal: Principal, via: str) -> str:
    """Through what a change comes: what an agent does is its doing, whichever surface does it."""
    return AGENT if principal.kind == AGENT else via


def open_set(principal: Principal, change_id: UUID, via: str, **told: Any) -> int | None:
    """Write the set and let the triggers know of it; the number of the declarations in force.

    `told` are its title, undo_of, part_undo_of and parent.
    """
    values = {
        "id": change_id,
        "user": principal.user_id,
        "principal": principal.kind,
        "token": principal.token_id,
        "via": via,
        "as_text": str(principal.user_id or ""),
        **told,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, values)
        found = cursor.fetchone()
    return found[-1] if found else None

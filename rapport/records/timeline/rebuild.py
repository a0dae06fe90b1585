"""Timelines from scratch, for a new zone of the workspace and for repair."""

from __future__ import annotations

from django.db import connection, transaction


def rebuild() -> None:
    """Write every entry and every weekly count anew, set-based; writers of sources wait for it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rapport_timeline_rebuild()")

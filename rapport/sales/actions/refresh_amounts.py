"""Amounts in the workspace's currency at the rates of the day."""

from __future__ import annotations

from django.db import connection


def refresh_amounts() -> int:
    """Work out anew what amounts are worth in the workspace's currency; how many changed.

    Rates refresh them as they come; a day that begins does it for rates entered ahead.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rapport_refresh_bases(NULL)")
        return int(cursor.fetchone()[0])

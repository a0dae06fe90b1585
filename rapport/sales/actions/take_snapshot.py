"""How open deals stand on a day, kept to be compared with later."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction


def take_snapshot(day: date) -> bool:
    """Keep how open deals stand; whether that was not done yet on this day or a later one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sales_take_snapshot(%s)", [day])
        return bool(cursor.fetchone()[0])

"""One statement of the diary's own, put together safely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from django.db import connection
from psycopg import sql


def run(statement: LiteralString, params: Mapping[str, Any], **names: sql.Composable) -> list[Any]:
    """The rows a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names), params)
        return cursor.fetchall() if cursor.description else []

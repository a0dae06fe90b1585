"""SQL for the matching engine, composed of names and fragments that are all our own."""

from __future__ import annotations

from psycopg import sql


def compose(template: str, **parts: str | int | sql.Composable) -> str:
    """The template with its {places} filled: numbers as literals, other parts as SQL."""
    composed = {name: _part(value) for name, value in parts.items()}
    return sql.SQL(template).format(**composed).as_string(None)


def _part(value: str | int | sql.Composable) -> sql.Composable:
    if isinstance(value, sql.Composable):
        return value
    return sql.SQL(str(value))

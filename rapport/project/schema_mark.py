"""A mark in the database of the state it was brought to; a restored dump brings its own."""

import psycopg


def is_marked(owner_url: str, fingerprint: str) -> bool:
    """Whether the database was last brought to exactly this state."""
    with psycopg.connect(owner_url) as owner:
        found = owner.execute("SELECT to_regclass('public.project_schema')").fetchone()
        if found is None or found[0] is None:
            return False
        row = owner.execute("SELECT fingerprint FROM project_schema").fetchone()
        return row is not None and row[0] == fingerprint


def mark(owner_url: str, fingerprint: str) -> None:
    """Note to which state the database was brought."""
    with psycopg.connect(owner_url) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS project_schema (fingerprint text)")
        owner.execute("DELETE FROM project_schema")
        owner.execute("INSERT INTO project_schema VALUES (%s)", [fingerprint])

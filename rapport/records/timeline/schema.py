"""Triggers that keep timelines, written from the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db.models import ForeignKey
from psycopg import sql

from rapport.records import registry
from rapport.records.declare import Object, TimelineKind
from rapport.records.kinds.relation import Links
from rapport.records.models import Link

NOTHING = sql.SQL(
    "SELECT NULL::uuid, NULL::uuid, NULL::timestamptz, NULL::text, NULL::text, NULL::boolean,"
    " NULL::text, NULL::uuid WHERE false"
)
# What a function returns can't be replaced: an earlier release may have left fewer columns.
FUNCTION = """
DROP FUNCTION IF EXISTS {name}({parameters});
CREATE FUNCTION {name}({parameters})
RETURNS TABLE (
  source_id uuid, record_id uuid, at timestamptz, kind text, direction text, is_open boolean,
  private text, kept_by uuid
)
LANGUAGE sql STABLE AS $timeline$ {body} $timeline$
"""
DIRECT = """
SELECT s.id, l.to_id, s.{at}, {kind}, {direction}, {is_open}, {private}
FROM {table} AS s JOIN records_link AS l ON l.from_id = s.id AND l.role = ANY ({roles})
WHERE s.deleted_at IS NULL AND s.{at} IS NOT NULL AND {chosen}
"""
THROUGH = """
SELECT s.id, r.{relation}, s.{at}, {kind}, {direction}, {is_open}, {private}
FROM {table} AS s JOIN records_link AS l ON l.from_id = s.id AND l.role = ANY ({roles})
JOIN {concerned} AS r ON r.id = l.to_id AND l.to_object = {object}
WHERE r.{relation} IS NOT NULL AND s.deleted_at IS NULL AND s.{at} IS NOT NULL AND {chosen}
"""
PRIVATE = sql.SQL("s.private, CASE WHEN s.private <> '' THEN s.owner_id END")
OPEN = sql.SQL("''::text, NULL::uuid")


def statements() -> Iterator[sql.Composable]:
    """Everything `schema.sync` has to run, in order; each may be repeated."""
    yield _function("rapport_timeline_wanted", "ids uuid[]", sql.SQL("s.id = ANY (ids)"))
    yield _function("rapport_timeline_all", "", sql.SQL("true"))
    yield sql.SQL((Path(__file__).parent / "timeline.sql").read_text())
    for declaration, kind in _sources():
        yield from _source_triggers(declaration, kind)
    yield from _link_triggers()


def _sources() -> list[tuple[type[Object], TimelineKind]]:
    return [(one, one.timeline) for one in registry.all_objects() if one.timeline is not None]


def _function(name: str, parameters: str, chosen: sql.Composable) -> sql.Composed:
    branches: list[sql.Composable] = [
        branch
        for declaration, kind in _sources()
        for branch in _branches(declaration, kind, chosen)
    ]
    return sql.SQL(FUNCTION).format(
        name=sql.Identifier(name),
        parameters=sql.SQL(parameters),
        body=sql.SQL(" UNION ").join(branches or [NOTHING]),
    )


def _branches(
    declaration: type[Object], kind: TimelineKind, chosen: sql.Composable
) -> Iterator[sql.Composed]:
    parts = {
        "table": sql.Identifier(declaration.model._meta.db_table),
        "at": sql.Identifier(kind.at),
        "kind": sql.Literal(kind.name),
        "direction": _column(kind.direction, sql.Literal("")),
        "is_open": _column(kind.open, sql.SQL("false")),
        "private": PRIVATE if declaration.may_be_private() else OPEN,
        "roles": sql.Literal(_roles(declaration, kind)),
        "chosen": chosen,
    }
    yield sql.SQL(DIRECT).format(**parts)
    for other in registry.all_objects():
        for field in other.timeline_through:
            yield sql.SQL(THROUGH).format(
                relation=sql.Identifier(_relation_column(other, field)),
                concerned=sql.Identifier(other.model._meta.db_table),
                object=sql.Literal(other.name),
                **parts,
            )


def _column(name: str, otherwise: sql.Composable) -> sql.Composable:
    return sql.SQL("s.{}").format(sql.Identifier(name)) if name else otherwise


def _roles(declaration: type[Object], kind: TimelineKind) -> list[str]:
    links = [declaration.fields[name] for name in (kind.about, *kind.also)]
    return [link.role for link in links if isinstance(link, Links)]


def _relation_column(declaration: type[Object], name: str) -> str:
    field = declaration.model._meta.get_field(name)
    assert isinstance(field, ForeignKey), f"{declaration.name}.{name} is no relation."  # noqa: S101
    return field.column


def _source_triggers(declaration: type[Object], kind: TimelineKind) -> Iterator[sql.Composed]:
    table = declaration.model._meta.db_table
    columns = [kind.at, "deleted_at", *filter(None, (kind.direction, kind.open))]
    columns += ["private", "owner_id"] if declaration.may_be_private() else []
    yield _trigger(table, "timeline_added", "INSERT", "NEW TABLE AS new_rows", "source_added")
    yield _trigger(
        table,
        "timeline_changed",
        "UPDATE",
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "source_changed",
        columns,
    )
    yield _trigger(table, "timeline_removed", "DELETE", "OLD TABLE AS old_rows", "source_removed")


def _link_triggers() -> Iterator[sql.Composed]:
    roles = sorted({role for source in _sources() for role in _roles(*source)})
    table = Link._meta.db_table
    yield _trigger(table, "timeline_linked", "INSERT", "NEW TABLE AS new_rows", "linked", roles)
    yield _trigger(table, "timeline_unlinked", "DELETE", "OLD TABLE AS old_rows", "unlinked", roles)


def _trigger(
    table: str,
    name: str,
    event: str,
    tables: str,
    function: str,
    arguments: list[str] | None = None,
) -> sql.Composed:
    return sql.SQL(
        "CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {function}({arguments})"
    ).format(
        name=sql.Identifier(name),
        event=sql.SQL(event),
        table=sql.Identifier(table),
        tables=sql.SQL(tables),
        function=sql.Identifier(f"rapport_timeline_{function}"),
        arguments=sql.SQL(", ").join(sql.Literal(one) for one in arguments or []),
    )

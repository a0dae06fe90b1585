"""Formulas for tests: worked out without a field, and fields made of them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import sql

from rapport.records import registry
from rapport.records.expressions import Node, ObjectGround, check, sql_of
from rapport.records.metadata.formulas import present_fields
from rapport.records.models import CustomField
from rapport.records.tests.fields import make_field

ZONE = "Europe/Madrid"


def formula(name: str, text: str, on: str = "room", label: str = "") -> CustomField:
    """A field with a formula, as an administrator makes it."""
    return make_field("formula", name, on, formula={"text": text}, label={"en": label or name})


def ground(on: str = "room") -> ObjectGround:
    """What names mean in formulas of an object without formulas."""
    kinds = present_fields()[on]
    labels = {name: kind.label for name, kind in kinds.items()}
    return ObjectGround(registry.get(on), kinds, labels, lambda _object, _field: None, "EUR")


def checked(text: str, on: str = "room") -> Node:
    """The formula with its types."""
    return check(text, ground(on))


def worked_out(text: str, on: str = "room") -> list[Any]:
    """What a formula gives for all records, in the order of their keys."""
    return [row[0] for row in all_worked_out([text], on)]


def all_worked_out(texts: list[str], on: str = "room") -> list[tuple[Any, ...]]:
    """What several formulas give, a row for each record."""
    table = registry.get(on).model._meta.db_table
    columns = [sql.SQL(sql_of(checked(text, on), sql.SQL("t."), ZONE)) for text in texts]
    statement = sql.SQL("SELECT {} FROM {} AS t ORDER BY t.id").format(
        sql.SQL(", ").join(columns), sql.Identifier(table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())

"""What new records begin with in fields of which a file says nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from rapport.records.declare import Object
from rapport.records.sql import column_at, column_of


def beginnings(declaration: type[Object], given: Collection[str]) -> dict[str, Any]:
    """Column and value, as the database takes it; `given` are the fields that the file has.

    A blank cell is a value, but for what no record can be without. Moments are left blank: when
    something was isn't known by the day on which it is imported.
    """
    found = {}
    for name, kind in declaration.fields.items():
        is_told = kind.stored and not kind.is_custom and not callable(kind.default)
        if not is_told or kind.default in (None, "") or (name in given and not kind.required):
            continue
        column = column_at(declaration.model, kind.path)
        if column.db_default != kind.default:
            found[column_of(column)] = column.get_db_prep_save(kind.default, connection)
    return found

"""Many rows into one table by COPY, written a column at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from psycopg import sql

from rapport.records.metadata.column import CustomValues, Exactly, filled
from rapport.records.sql import column_of

type Column = list[str]
"""Values of a column in PostgreSQL's text format of COPY."""

NULL = r"\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_columns(
    cursor: Any, table: sql.Identifier, columns: Mapping[str, Column | str], count: int
) -> None:
    """Send `count` rows to the table; a text in place of a column stands in every row."""
    if not count:
        return
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    full = [[one] * count if isinstance(one, str) else one for one in columns.values()]
    lines = "\n".join(map("\t".join, zip(*full, strict=True)))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copy:
        copy.write(lines.encode())
        copy.write(b"\n")


def insert_many(model: type[models.Model], many: Sequence[Mapping[str, Any]]) -> None:
    """Add rows by column; a column that a row lacks gets what the model says."""
    given = {column for row in many for column in row}
    columns = {
        name: column_texts(field, [row.get(name) for row in many])
        for field in model._meta.concrete_fields
        if (name := column_of(field)) in given or _has_own_default(field)
    }
    with connection.cursor() as cursor:
        copy_columns(cursor, sql.Identifier(model._meta.db_table), columns, len(many))


def column_texts(field: models.Field[Any, Any], values: Sequence[Any]) -> Column:
    """The values as the column takes them; where one is None, what a row without a value gets."""
    write = _writer(field)
    blank = NULL if field.null else write(_blank(field))
    if write is str:
        return [blank if value is None else str(value) for value in values]
    if write is escaped:
        return text_column([blank if value is None else value for value in values])
    return [blank if value is None else write(value) for value in values]


def text_column(values: Sequence[Any]) -> Column:
    """Texts, looked at together: what has to be escaped is rare."""
    texts = [value if type(value) is str else str(value) for value in values]
    return list(map(escaped, texts)) if _SPECIAL.search("".join(texts)) else texts


def escaped(value: Any) -> str:
    """A text in the format of COPY."""
    return str(value).translate(_ESCAPES)


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], str]:
    if isinstance(field, models.TextField | models.CharField):
        return escaped
    if isinstance(field, CustomValues):
        return _custom
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _array
    if isinstance(field, models.DurationField):
        return _interval
    return str


def _json(value: Any) -> str:
    return escaped(json.dumps(value, cls=DjangoJSONEncoder))


def _custom(values: Any) -> str:
    return escaped(json.dumps(filled(values), cls=Exactly))


def _array(values: Any) -> str:
    quoted = (str(value).replace("\\", r"\\").replace('"', r"\"") for value in values)
    return escaped("{" + ",".join(f'"{one}"' for one in quoted) + "}")


def _interval(value: timedelta) -> str:
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


def _has_own_default(field: models.Field[Any, Any]) -> bool:
    """Whether the default is the model's own, unknown to the database."""
    is_plain = not isinstance(field, models.GeneratedField)
    return is_plain and field.has_default() and not field.has_db_default() and field.default != ""


def _blank(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.TextField):
        return field.get_default() or ""
    if isinstance(field, models.BooleanField):
        return bool(field.default) if field.has_default() else False
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.JSONField):
        return {}
    return field.get_default()

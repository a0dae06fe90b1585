"""The column in which a record keeps the values of custom fields, and typed looks into it.

A path such as `custom__date_<key>` reads one value as its type wherever a column path may stand:
in conditions, orders, groups and sums. The key is the field's UUID, so no name ever meets another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Expression, Func, Transform, Value
from psycopg import sql

CUSTOM = "custom"
#: As SQL: the column, and the one beside it of what is worked out.
OWN, BESIDE = f'"{CUSTOM}"', '"derived"'
_PATH = re.compile(r"([a-z]+)_([0-9a-f]{32}[bcx]?)")


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type are read: the type, and SQL with {column}, {derived} beside it, and
    {key}."""

    field: models.Field[Any, Any]
    text: str


FORMS: Mapping[str, Form] = {
    "text": Form(models.TextField(), "coalesce({column} ->> {key}, '')"),
    "number": Form(
        models.DecimalField(max_digits=28, decimal_places=10),
        "rapport_custom_number({column} -> {key})",
    ),
    "whole": Form(
        models.BigIntegerField(), "CAST(rapport_custom_number({column} -> {key}) AS bigint)"
    ),
    "flag": Form(
        models.BooleanField(), "coalesce(({column} -> {key}) = CAST('true' AS jsonb), false)"
    ),
    "date": Form(models.DateField(), "rapport_custom_day({column} ->> {key})"),
    "moment": Form(models.DateTimeField(), "rapport_custom_moment({column} ->> {key})"),
    "uuid": Form(models.UUIDField(), "rapport_custom_uuid({column} ->> {key})"),
    "list": Form(ArrayField(models.TextField()), "rapport_custom_list({column} -> {key})"),
    # An amount in the workspace's currency (`models/money.sql`).
    "base": Form(
        models.DecimalField(max_digits=28, decimal_places=10),
        "rapport_custom_base({column}, {derived}, {key})",
    ),
    # Those of formulas are worked out of the whole row (`expressions.looking`).
    "formulatext": Form(models.TextField(), ""),
    "formulanumber": Form(models.DecimalField(max_digits=28, decimal_places=10), ""),
    "formulaflag": Form(models.BooleanField(), ""),
    "formuladate": Form(models.DateField(), ""),
    "formulamoment": Form(models.DateTimeField(), ""),
}
#: The formulas there are, by the end of their path: replaced as a whole, never changed.
_formulas: list[Mapping[str, type[Transform]]] = [{}]


def know_formulas(found: Mapping[str, type[Transform]]) -> None:
    """Have these formulas stand behind their paths, in place of all others."""
    _formulas[0] = found


class Exactly(json.JSONEncoder):
    """JSON of a record's custom values in which numbers keep every digit."""

    def encode(self, o: Any) -> str:
        """Decimals as they are written, which the module itself can't do."""
        if isinstance(o, Mapping):
            pairs = (f"{json.dumps(str(key))}: {self.encode(value)}" for key, value in o.items())
            return "{" + ", ".join(pairs) + "}"
        return format(o, "f") if isinstance(o, Decimal) else super().encode(o)


class ReadExactly(json.JSONDecoder):
    """JSON whose broken numbers are decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal})


class CustomValues(models.JSONField):
    """A JSON document of values by the key of their field, which no query reads as a whole."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"encoder": Exactly, "decoder": ReadExactly, **options})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """As a plain JSON column: what the class adds is no matter of the database."""
        name, _path, args, options = super().deconstruct()
        options = {k: v for k, v in options.items() if k not in ("encoder", "decoder")}
        return name, "django.db.models.JSONField", args, options

    def get_transform(self, name: str) -> Any:
        """The formula or the typed look that a path names, else what JSON offers."""
        if name in _formulas[0]:
            return _formulas[0][name]
        found = _PATH.fullmatch(name)
        if found is None or found[1] not in FORMS or not FORMS[found[1]].text:
            return super().get_transform(name)
        return _look(found[1], found[2])


def row_before(column: str) -> str:
    """What stands before the custom column of a row, and so before all its columns.

    Raises FieldError for a column that came through a subquery, where the others are not.
    """
    if not column.endswith(OWN):
        raise FieldError(f"What is worked out needs its own row, not {column}.")
    return column.removesuffix(OWN)


class Look(Transform):
    """One value of the column as its type. The text holds the key, so that an index serves."""

    form: ClassVar[Form]
    key: ClassVar[str]

    def as_sql(self, compiler: Any, connection: Any, *_a: Any, **_extra: Any) -> tuple[str, Any]:
        """The look as SQL."""
        column, params = compiler.compile(self.lhs)
        key = sql.Literal(self.key).as_string(None)
        derived = f"{row_before(column)}{BESIDE}" if "{derived}" in self.form.text else ""
        return self.form.text.format(column=column, derived=derived, key=key), params


@cache
def _look(form: str, key: str) -> type[Look]:
    parts = {"form": FORMS[form], "key": key, "output_field": FORMS[form].field}
    return type("Look", (Look,), {**parts, "lookup_name": form})


def path_to(form: str, key: str) -> str:
    """The path of a value, to stand where column paths stand."""
    return f"{CUSTOM}__{form}_{key}"


def type_at(path: str) -> models.Field[Any, Any] | None:
    """The type of the value at a path into the column; None for any other path."""
    form, _key = form_at(path)
    return form.field if form else None


def form_at(path: str) -> tuple[Form | None, str]:
    """How the value at a path into the column is read, and its key; None for any other path."""
    head, _sep, rest = path.partition("__")
    found = _PATH.fullmatch(rest) if head == CUSTOM else None
    return (FORMS.get(found[1]), found[2]) if found else (None, "")


def key_of(field_id: UUID) -> str:
    """What a field's values are kept under."""
    return field_id.hex


def put(own: dict[str, Any], columns: Mapping[str, Any]) -> None:
    """Add columns to those of a record; custom values join the ones that are there already."""
    for name, value in columns.items():
        own[name] = own.get(CUSTOM, {}) | value if name == CUSTOM else value


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new record: what is blank is not kept."""
    return {key: value for key, value in values.items() if value is not None}


def defaults_of(fields: Mapping[str, Any]) -> str:
    """What the custom fields of a new record begin with, as JSON; empty for nothing."""
    values: dict[str, Any] = {}
    for kind in fields.values():
        if kind.is_custom and kind.default is not None:
            values |= filled(kind.columns(kind.default)[CUSTOM])
    return json.dumps(values, cls=Exactly) if values else ""


class Put(Func):
    """The column with some values set and others taken away."""

    function = "rapport_custom_put"

    def __init__(self, values: Mapping[str, Any]) -> None:
        gone: Expression = Value(
            [key for key, value in values.items() if value is None],
            output_field=ArrayField(models.TextField()),
        )
        given = Value(filled(values), output_field=CustomValues())
        super().__init__(models.F(CUSTOM), gone, given, output_field=CustomValues())


def plain_json(value: Any) -> Any:
    """A value for a column of plain JSON; a decimal as text, which keeps its digits."""
    return str(value) if isinstance(value, Decimal) else value

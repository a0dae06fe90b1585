"""Triggers that keep what amounts come to in the workspace's currency, beside them in the row.

`models/money.sql` brings them all up to date after a rate or that currency changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from psycopg import sql

from rapport.records import registry
from rapport.records.kinds.base_amount import BaseAmount
from rapport.records.kinds.number import Money
from rapport.records.sql import column_at, column_of

#: The day on which a record was closed is the one whose rate counts, else today.
CLOSED = "closed_at"
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql AS $keep$
BEGIN
  NEW.{base} := rapport_in_base(NEW.{amount}, NEW.{currency}, {day});
  RETURN NEW;
END $keep$
"""
# Triggers run in the order of their names: this one after those that fill in the currency.
TRIGGER = """
CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW
WHEN (NEW.{amount} IS NOT NULL OR NEW.{base} IS NOT NULL)
EXECUTE FUNCTION {function}({columns})
"""


def amount_triggers() -> Iterator[sql.Composed]:
    """A function and a trigger for each declared amount with a column for what it comes to."""
    for declaration in registry.all_objects():
        for kind in declaration.fields.values():
            base = declaration.fields.get(kind.base) if isinstance(kind, Money) else None
            if isinstance(base, BaseAmount) and isinstance(kind, Money):
                yield from _keeping(declaration.model, kind, base)


def _keeping(model: type[models.Model], kind: Money, base: BaseAmount) -> Iterator[sql.Composed]:
    table = model._meta.db_table
    paths = (*kind.paths, base.path)
    amount, currency, kept = (column_of(column_at(model, path)) for path in paths)
    closed = CLOSED if any(one.name == CLOSED for one in model._meta.concrete_fields) else ""
    places = {
        "name": sql.Identifier(f"keep_{table}_{amount}"),
        "amount": sql.Identifier(amount),
        "currency": sql.Identifier(currency),
        "base": sql.Identifier(kept),
        "day": sql.SQL("coalesce(NEW.{}::date, current_date)").format(sql.Identifier(closed))
        if closed
        else sql.SQL("current_date"),
    }
    yield sql.SQL(FUNCTION).format(**places)
    arguments = [sql.Literal(one) for one in (amount, currency, kept, closed)]
    yield sql.SQL(TRIGGER).format(
        **{
            **places,
            "name": sql.Identifier(f"keep_amount_{amount}"),
            "function": places["name"],
            "table": sql.Identifier(table),
            "columns": sql.SQL(", ").join(arguments),
        }
    )

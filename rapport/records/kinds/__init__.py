"""Kinds of fields. `k.text(_("Subject"))` makes a model column that carries its kind."""

from __future__ import annotations

from typing import Any

from rapport.records.kinds.base import (
    NONE,
    PERSONAL,
    SENSITIVE,
    Context,
    Invalid,
    Kind,
    Privacy,
    Title,
)
from rapport.records.kinds.base_amount import BaseAmount
from rapport.records.kinds.choice import Boolean, Choice, Choices
from rapport.records.kinds.number import Currency, Decimals, Integer, Money, Percent, Rating
from rapport.records.kinds.other import Computed, Generated, Json, LocalWords, Why, words
from rapport.records.kinds.private import Private
from rapport.records.kinds.relation import Links, Relation, UserRelation
from rapport.records.kinds.text import LongText, Text, Url
from rapport.records.kinds.time import Date, DateTime, Duration

__all__ = [
    "NONE",
    "PERSONAL",
    "SENSITIVE",
    "Computed",
    "Context",
    "Invalid",
    "Kind",
    "Links",
    "Privacy",
    "Private",
    "Title",
    "Why",
    "base_amount",
    "boolean",
    "choice",
    "choices",
    "column",
    "currency",
    "date",
    "datetime",
    "decimal",
    "duration",
    "generated",
    "integer",
    "json",
    "label",
    "long_text",
    "money",
    "percent",
    "private",
    "rating",
    "relation",
    "text",
    "url",
    "user",
    "words",
]


def column(kind: type[Kind]) -> Any:
    """A function that makes the model column of a kind and hangs the kind on it."""

    def make(*args: Any, **options: Any) -> Any:
        made = kind(*args, **options)
        field = made.model_field()
        field.kind = made  # type: ignore[attr-defined]
        return field

    make.__name__ = kind.__name__.lower()
    make.__doc__ = kind.__doc__
    return make


text = column(Text)
long_text = column(LongText)
url = column(Url)
integer = column(Integer)
decimal = column(Decimals)
percent = column(Percent)
rating = column(Rating)
money = column(Money)
currency = column(Currency)
boolean = column(Boolean)
choice = column(Choice)
choices = column(Choices)
private = column(Private)
date = column(Date)
datetime = column(DateTime)
duration = column(Duration)
relation = column(Relation)
user = column(UserRelation)
json = column(Json)
label = column(LocalWords)
generated = column(Generated)


def base_amount(label: Any, **options: Any) -> Any:
    """The column of what an amount comes to in the workspace's currency; the log leaves it out."""
    field = column(BaseAmount)(label, editable=False, **options)
    field.derived = True
    return field

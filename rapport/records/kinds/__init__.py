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
from rapport.records.kinds.choice import Boolean, Choice, Choices
from rapport.records.kinds.number import Currency, Decimals, Integer, Money, Percent, Rating
from rapport.records.kinds.other import Computed, Generated, Json, LocalWords, words
from rapport.records.kinds.relation import Links, Relation, UserRelation
from rapport.records.kinds.text import LongText, Text, Url
from rapport.records.kinds.time import Date, DateTime, Duration

__all__ = [
    "NONE", "PERSONAL", "SENSITIVE", "Computed", "Context", "Invalid", "Kind", "Links", "Privacy", "Title",
    "boolean", "choice", "choices", "currency", "date", "datetime", "decimal", "duration", "generated",
    "integer", "json", "label", "long_text", "money", "percent", "rating", "relation", "text", "url",
    "user", "words",
]  # fmt: skip


def _column(kind: type[Kind]) -> Any:
    """A function that makes the model column of a kind and hangs the kind on it."""

    def column(*args: Any, **options: Any) -> Any:
        made = kind(*args, **options)
        field = made.model_field()
        field.kind = made  # type: ignore[attr-defined]
        return field

    column.__name__ = kind.__name__.lower()
    column.__doc__ = kind.__doc__
    return column


text = _column(Text)
long_text = _column(LongText)
url = _column(Url)
integer = _column(Integer)
decimal = _column(Decimals)
percent = _column(Percent)
rating = _column(Rating)
money = _column(Money)
currency = _column(Currency)
boolean = _column(Boolean)
choice = _column(Choice)
choices = _column(Choices)
date = _column(Date)
datetime = _column(DateTime)
duration = _column(Duration)
relation = _column(Relation)
user = _column(UserRelation)
json = _column(Json)
label = _column(LocalWords)
generated = _column(Generated)

"""What an operator means in SQL for a kind whose values are a column as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from rapport.records.kinds.base import Kind


def _is(kind: Kind, argument: Any) -> Q:
    return kind.is_empty() if kind.blank(argument) else Q(**{kind.path: argument})


def _compare(lookup: str) -> Callable[[Kind, Any], Q]:
    return lambda kind, argument: Q(**{f"{kind.path}__{lookup}": argument})


_any = _compare("in")
OPERATORS: dict[str, Callable[[Kind, Any], Q]] = {
    "is": _is,
    "not": lambda kind, argument: ~_is(kind, argument),
    "any": _any,
    "none": lambda kind, argument: ~_any(kind, argument),
    "empty": lambda kind, argument: kind.is_empty(),
    "filled": lambda kind, argument: ~kind.is_empty(),
    "gt": _compare("gt"),
    "gte": _compare("gte"),
    "lt": _compare("lt"),
    "lte": _compare("lte"),
}

"""How two values compare, as the database has it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


class NotTold(TypeError):
    """What a value can't tell without the database."""


def holds_plainly(op: str, argument: Any, value: Any) -> bool:
    """Whether one value compares so with another; None is no value, as NULL in the database."""
    match op:
        case "empty" | "filled":
            return (value is None) is (op == "empty")
        case "is" | "not":
            return bool(value == argument) is (op == "is")
        case "any" | "none":
            found = value is not None and value in argument
            return found is (op == "any")
    if op not in COMPARE:
        raise NotTold(op)
    return value is not None and bool(COMPARE[op](value, argument))


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}

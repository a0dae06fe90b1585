"""One condition language for filters, views, segments and rules."""

from rapport.records.conditions.compile import Asked, ask, compile_condition
from rapport.records.conditions.tree import (
    Condition,
    ConditionError,
    Group,
    Rule,
    from_json,
    to_json,
)
from rapport.records.conditions.url import from_query, to_query

__all__ = [
    "Asked", "Condition", "ConditionError", "Group", "Rule", "ask", "compile_condition",
    "from_json", "from_query", "to_json", "to_query",
]  # fmt: skip

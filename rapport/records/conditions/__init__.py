"""One condition language for filters, views, segments and rules."""

from rapport.records.conditions.asked import Asked
from rapport.records.conditions.compile import ask, compile_condition
from rapport.records.conditions.matching import matches
from rapport.records.conditions.tree import (
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    named_fields,
)
from rapport.records.conditions.url import from_query, to_query
from rapport.records.conditions.wire import from_json, to_json

__all__ = [
    "Asked", "Changed", "Condition", "ConditionError", "Group", "Measure", "Related", "Rule", "Was",
    "ask", "compile_condition", "from_json", "from_query", "matches", "named_fields", "to_json",
    "to_query",
]  # fmt: skip

"""One condition language for filters, views, segments and rules."""

from rapport.records.conditions.asked import Asked
from rapport.records.conditions.asking import asked_by, spelled_out
from rapport.records.conditions.compile import ask, compile_condition
from rapport.records.conditions.describing import describe_conditions
from rapport.records.conditions.matching import matches
from rapport.records.conditions.memory import check_in_memory, holds
from rapport.records.conditions.sentence import sentence
from rapport.records.conditions.text import from_text, split_search, to_text
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
    "ask", "asked_by", "check_in_memory", "compile_condition", "describe_conditions", "from_json",
    "from_query", "from_text", "holds", "matches", "named_fields", "sentence", "spelled_out",
    "split_search", "to_json", "to_query", "to_text",
]  # fmt: skip

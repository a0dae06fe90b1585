"""Whether an element of a list in a request meets a filter, as a change's path asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rapport.accounts.scim.filters import Both, Compare, Node, Not, Within

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda found, asked: found == asked,
    "ne": lambda found, asked: found != asked,
    "co": lambda found, asked: asked in found,
    "sw": lambda found, asked: found.startswith(asked),
    "ew": lambda found, asked: found.endswith(asked),
    "gt": lambda found, asked: found > asked,
    "ge": lambda found, asked: found >= asked,
    "lt": lambda found, asked: found < asked,
    "le": lambda found, asked: found <= asked,
}


def meets(element: Mapping[str, Any], node: Node) -> bool:
    """Whether the element meets the filter; one that compares unlike things does not."""
    match node:
        case Both(parts, is_any):
            return (any if is_any else all)(meets(element, part) for part in parts)
        case Not(part):
            return not meets(element, part)
        case Within():
            return False
        case Compare():
            return _compares(_value(element, node.attribute), node)


def _value(element: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in element.items() if key.lower() == name), None)


def _compares(found: Any, node: Compare) -> bool:
    if node.operator == "pr":
        return found not in (None, "", [], {})
    asked: Any = node.value
    if isinstance(found, str) and isinstance(asked, str):
        found, asked = found.lower(), asked.lower()
    elif node.operator not in {"eq", "ne"}:
        return False
    return _TESTS[node.operator](found, asked)

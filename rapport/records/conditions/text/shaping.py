"""The plainest tree of a condition: what groups add nothing is left out."""

from __future__ import annotations

from dataclasses import replace

from rapport.records.conditions.tree import Condition, Group, Measure, Related


def simplified(condition: Condition) -> Condition:
    """A condition that means the same, without groups that are empty, single or repeated."""
    match condition:
        case Related(where=where) | Measure(where=where):
            return replace(condition, where=simplified(where))
        case Group():
            return _simplified_group(condition)
    return condition


def _simplified_group(group: Group) -> Condition:
    parts: list[Condition] = []
    for part in map(simplified, group.parts):
        if isinstance(part, Group) and _dissolves(part, group):
            parts += part.parts
        else:
            parts.append(part)
    if not parts:
        return Group()
    if len(parts) == 1 and group.mode != "none":
        return parts[0]
    return Group(tuple(parts), group.mode)


def _dissolves(part: Group, group: Group) -> bool:
    if not part.parts:
        return True
    return part.mode == ("any" if group.mode == "none" else group.mode)


def as_group(condition: Condition) -> Group:
    """The condition under all."""
    if isinstance(condition, Group) and condition.mode == "all":
        return condition
    return Group((condition,))

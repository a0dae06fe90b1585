"""The JSON form of conditions, for programs and for what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.conditions.tree import (
    DEEPEST,
    MEASURES,
    MODES,
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    check_size,
)

RULE = ("field", "op", "value")
RELATED = ("related", "has", "where")
MEASURE = ("related", "measure", "of", "where", "op", "value")
CHANGED = ("changed", "from", "to", "when")
WAS = ("was", "when")


def from_json(data: Any, *, deeper: int = DEEPEST, place: str = "") -> Condition:
    """A condition from its JSON form, which `docs/reference/conditions.md` describes.

    Raises ConditionError, whose `place` names the part that can't be read.
    """
    made = _read(data, deeper, place)
    if not place:
        check_size(made)
    return made


def _read(data: Any, deeper: int, place: str) -> Condition:
    if not isinstance(data, dict):
        raise ConditionError(
            _("A condition is an object with a field, or with all, any or none."), place=place
        )
    if not deeper:
        raise ConditionError(_("These conditions are nested too deeply."), place=place)
    for mode in MODES:
        if mode in data:
            return _group(data, mode, deeper, place)
    if "related" in data:
        return _related(data, deeper, place)
    if "changed" in data:
        _check_keys(data, CHANGED, place)
        when = str(data.get("when") or "")
        return Changed(str(data["changed"]), when, data.get("from"), data.get("to"))
    if "was" in data:
        return _was(data, place)
    return _rule(data, place)


def _group(data: Mapping[str, Any], mode: str, deeper: int, place: str) -> Group:
    _check_keys(data, (mode,), place)
    parts = data[mode]
    if not isinstance(parts, list):
        raise ConditionError(
            _("“%(mode)s” takes a list of conditions.") % {"mode": mode}, place=place
        )
    return Group(
        tuple(
            _read(part, deeper - 1, joined_place(place, f"{mode}[{number}]"))
            for number, part in enumerate(parts)
        ),
        mode,
    )


def _rule(data: Mapping[str, Any], place: str) -> Rule:
    if "field" not in data:
        raise ConditionError(_("A rule needs a field."), place=place)
    _check_keys(data, RULE, place)
    return Rule(str(data["field"]), str(data.get("op", "is")), data.get("value"))


def _related(data: Mapping[str, Any], deeper: int, place: str) -> Related | Measure:
    name = str(data["related"])
    inner = joined_place(place, "where")
    where = _read(data["where"], deeper - 1, inner) if data.get("where") else Group()
    if "measure" not in data:
        _check_keys(data, RELATED, place)
        has = str(data.get("has", "any"))
        if has not in ("any", "none"):
            raise ConditionError(_("“has” can be any or none."), name[:60], place=place)
        return Related(name, where, has)
    _check_keys(data, MEASURE, place)
    measure = str(data["measure"])
    if measure not in MEASURES:
        raise ConditionError(
            _("There is no measure “%(name)s”. There is: %(known)s.")
            % {"name": measure[:20], "known": ", ".join(MEASURES)},
            name[:60],
            place=place,
        )
    op = str(data.get("op", "is"))
    return Measure(name, measure, op, data.get("value"), str(data.get("of") or ""), where)


def _was(data: Mapping[str, Any], place: str) -> Was:
    _check_keys(data, WAS, place)
    inner = joined_place(place, "was")
    if not isinstance(data["was"], dict):
        raise ConditionError(_("“was” takes a rule with a field."), place=inner)
    return Was(_rule(data["was"], inner), str(data.get("when") or ""))


def _check_keys(data: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in data:
        if key not in known:
            raise ConditionError(
                _("“%(key)s” means nothing here. There is: %(known)s.")
                % {"key": str(key)[:40], "known": ", ".join(known)},
                place=place,
            )


def joined_place(place: str, step: str) -> str:
    """The place of a part of what is at `place`."""
    return f"{place}.{step}" if place else step


def to_json(condition: Condition) -> dict[str, Any]:
    """The JSON form, which `from_json` reads back."""
    match condition:
        case Group():
            return {condition.mode: [to_json(part) for part in condition.parts]}
        case Related():
            return {"related": condition.related, "has": condition.has} | _where(condition.where)
        case Measure():
            made = {"related": condition.related, "measure": condition.measure}
            made |= {"of": condition.of} if condition.of else {}
            return made | _where(condition.where) | {"op": condition.op, "value": condition.value}
        case Changed():
            sides = {"from": condition.before, "to": condition.after}
            sides["when"] = condition.when or None
            return {"changed": condition.field} | {
                name: value for name, value in sides.items() if value is not None
            }
        case Was():
            when = {"when": condition.when} if condition.when else {}
            return {"was": to_json(condition.rule)} | when
    return {"field": condition.field, "op": condition.op, "value": condition.value}


def _where(where: Condition) -> dict[str, Any]:
    return {} if where == Group() else {"where": to_json(where)}

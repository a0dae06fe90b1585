"""The rules of a role: conditions for what the matrix gives the scope "rule"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rapport.accounts.models import Role
from rapport.accounts.principals import RULED, Scope
from rapport.records import registry
from rapport.records.conditions import (
    ConditionError,
    from_json,
    from_text,
    sentence,
    to_json,
    to_text,
)
from rapport.records.kinds import Context
from rapport.records.ruled import fault_of
from rapport.setup.matrix import LABELS

LONGEST = 4000

type Trees = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the page shows it."""

    name: str
    address: str
    object: str | Promise
    action: str | Promise
    text: str
    said: str = ""
    fault: str = ""


def lines(role: Role, context: Context, built: Mapping[str, str]) -> list[RuleLine]:
    """The rules of a role, each with what it says; one that can't be asked says why. Texts that
    were built and not saved stand in place of those that were."""
    found = [
        _line(role, name, action, tree, context)
        for name, action, tree in _places(role)
        if registry.is_declared(name)
    ]
    return [replace(one, text=built.get(one.name, one.text)[:LONGEST]) for one in found]


def read(
    role: Role, scopes: Mapping[str, Mapping[str, str] | None], form: QueryDict, context: Context
) -> tuple[Trees, list[RuleLine]]:
    """The conditions that a posted page gives to these scopes, by object and action, and each
    line as it was typed, with what is wrong with it."""
    present = {(name, action): tree for name, action, tree in _places(role)}
    trees: dict[str, dict[str, Any]] = {}
    typed = []
    for name, of_object in scopes.items():
        if not registry.is_declared(name):
            continue
        trees[name] = {}
        for action in RULED:
            if not of_object or of_object.get(action) != Scope.RULE:
                continue
            text = form.get(f"rule.{name}.{action}")
            tree, fault = _read(name, text, present.get((name, action)), context)
            if tree is not None:
                trees[name][action] = tree
            line = _line(role, name, action, tree, context)
            shown = line.text if text is None else text
            address = line.address if (name, action) in present else ""
            typed.append(replace(line, address=address, text=shown, fault=fault))
    return trees, typed


def _read(name: str, text: str | None, present: Any, context: Context) -> tuple[Any, str]:
    if text is None:
        return present, ""
    if not text.strip():
        return None, ""
    try:
        tree = to_json(from_text(text[:LONGEST], registry.get(name), context))
    except ConditionError as problem:
        return None, str(problem)
    return tree, fault_of(name, tree)


def _places(role: Role) -> Iterator[tuple[str, str, Any]]:
    for grant in role.grants.order_by("object_name"):
        for action in RULED:
            if getattr(grant, f"{action}_scope") == Scope.RULE:
                yield grant.object_name, action, grant.rules.get(action)


def _line(role: Role, name: str, action: str, tree: Any, context: Context) -> RuleLine:
    declaration = registry.get(name)
    address = reverse("setup_role_rule", args=[role.key, name, action])
    about = (f"rule.{name}.{action}", address, declaration.label_plural, LABELS[action])
    if tree is None:
        return RuleLine(*about, "", fault=_("It says nothing yet, so it reaches nothing."))
    try:
        condition = from_json(tree)
        text = to_text(condition, declaration, context)
        said = sentence(condition, declaration, context)
    except ConditionError as problem:
        return RuleLine(*about, "", fault=_broken(str(problem)))
    fault = fault_of(name, tree)
    return RuleLine(*about, text, said, _broken(fault) if fault else "")


def _broken(why: str) -> str:
    return _("%(why)s Until that is mended it reaches nothing.") % {"why": why}

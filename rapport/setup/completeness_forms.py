"""The rules of a score as rows of a form: what is asked, how many points, from how many days on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.completeness.rules import (
    askable,
    can_be_worth,
    can_note_a_check,
)
from rapport.records.declare import Expect, Object

GROUPS: Mapping[str, Any] = {
    "missing": gettext_lazy("Is missing"),
    "invalid": gettext_lazy("Is not valid"),
    "stale": gettext_lazy("Is long ago"),
}
SPARE = 3
USUAL_DAYS = 365


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be asked or chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the form shows it; without a field it is a spare one."""

    number: int
    groups: Sequence[tuple[Any, Sequence[Choice]]]
    points: str
    days: str
    is_stale: bool


def rule_rows(declaration: type[Object], given: Sequence[tuple[str, str, str]]) -> list[RuleRow]:
    """The rows for rules as (what, points, days) were typed, and some to add others in."""
    rows = [*given, *[("", "", "")] * SPARE]
    return [
        RuleRow(
            number, _groups(declaration, what), points, days, what.startswith("stale")
        )
        for number, (what, points, days) in enumerate(rows, 1)
    ]  # fmt: skip


def _groups(declaration: type[Object], chosen: str) -> Sequence[tuple[Any, Sequence[Choice]]]:
    known = askable(declaration)
    return [
        (
            words,
            [
                _choice(declaration, f"{sort}:{name}", name, chosen)
                for one, name in known
                if one == sort
            ],
        )
        for sort, words in GROUPS.items()
        if any(one == sort for one, _name in known)
    ]


def _choice(declaration: type[Object], value: str, name: str, chosen: str) -> Choice:
    return Choice(value, str(declaration.fields[name].label), value == chosen)


def typed(rules: Sequence[Expect]) -> list[tuple[str, str, str]]:
    """Rules as the form has them."""
    return [
        (f"{one.sort}:{one.field}", str(one.points), str(one.days) if one.days else "")
        for one in rules
    ]


def posted(data: QueryDict) -> list[tuple[str, str, str]]:
    """What was typed, without rows in which nothing was chosen."""
    rows = zip(data.getlist("what"), data.getlist("points"), data.getlist("days"), strict=False)
    return [row for row in rows if row[0]]


def read_rules(given: Sequence[tuple[str, str, str]]) -> list[Expect]:
    """The rules that were typed. What is no number is one that no rule can have."""
    found = []
    for what, points, days in given:
        sort, _colon, field = what.partition(":")
        kind: Any = sort
        is_stale = sort == "stale"
        found.append(Expect(field, _number(points), kind, _number(days) if is_stale else 0))
    return found


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def worth_choices(declaration: type[Object], chosen: str) -> Sequence[Choice]:
    """The numbers by which the most valuable record may come first."""
    fields = declaration.fields.items()
    names = [name for name, kind in fields if can_be_worth(kind)]
    return [
        Choice("", _("None: only by the score"), not chosen),
        *(Choice(name, str(declaration.fields[name].label), name == chosen) for name in names),
    ]


def check_choices(declaration: type[Object], chosen: str) -> Sequence[Choice]:
    """The days that may say when somebody found all still right."""
    fields = declaration.fields.items()
    names = [name for name, kind in fields if can_note_a_check(kind)]
    return [
        Choice("", _("None"), not chosen),
        *(Choice(name, str(declaration.fields[name].label), name == chosen) for name in names),
    ]


def restricted(declaration: type[Object], rules: Sequence[Expect]) -> Iterator[str]:
    """The fields of the rules that not everybody may read."""
    for name in dict.fromkeys(one.field for one in rules):
        kind = declaration.fields.get(name)
        if kind is not None and kind.readers is not None:
            yield str(kind.label)

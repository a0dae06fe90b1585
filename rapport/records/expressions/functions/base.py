"""What a function is: how it is written, what it says of itself, and what it makes of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import MONEY, NOTHING, NUMBER, TEXT, Type
from rapport.records.expressions.values import as_type, to_text

#: Makes a node of a call's values; the place is that of the call.
type Build = Callable[[Sequence[Node], int], Node]


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its name; `usage` shows its values, `example` a formula and what it gives."""

    name: str
    group: str
    usage: str
    words: Any
    example: tuple[str, str]
    build: Build
    least: int = 0
    most: int = 99
    #: Whether it is an operator, which is written between its values.
    is_sign: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function: the types of its values, what it gives and its SQL."""

    takes: tuple[Type, ...]
    gives: Type
    text: str
    is_volatile: bool = False


def by_form(name: str, *forms: Form) -> Build:
    """What builds the first form that the values fit."""

    def build(values: Sequence[Node], at: int) -> Node:
        fitting = [form for form in forms if len(form.takes) == len(values)]
        given = tuple(one.type for one in values)
        # What fits as it is goes before what has to be turned into something else.
        for form in sorted(fitting, key=lambda one: one.takes != given):
            nodes = _fitted(values, form)
            if nodes is not None:
                return made_of(
                    form.gives, form.text, *nodes, name=name, at=at, is_volatile=form.is_volatile
                )
        raise _misfit(values, fitting, at)

    return build


def _fitted(values: Sequence[Node], form: Form) -> list[Node] | None:
    found = [as_type(one, type) for one, type in zip(values, form.takes, strict=True)]
    nodes = [one for one in found if one is not None]
    return nodes if len(nodes) == len(found) else None


def _misfit(values: Sequence[Node], forms: Sequence[Form], at: int) -> FormulaError:
    """What is wrong with the first value that no form takes."""
    for place, value in enumerate(values):
        wanted = list(dict.fromkeys(form.takes[place] for form in forms))
        if not any(as_type(value, type) for type in wanted):
            return unfit(value, wanted)
    return FormulaError(_("These values don't go together here."), at)


def unfit(value: Node, wanted: Sequence[Type]) -> FormulaError:
    """That a value is of another type, and what would make it fit."""
    words = _(" or ").join(dict.fromkeys(one.words for one in wanted))
    sentence = _("Here goes %(wanted)s, this is %(found)s.") % {
        "wanted": words,
        "found": value.type.words,
    }
    return FormulaError(f"{sentence} {_remedy(value, wanted)}".strip(), value.at)


def _remedy(value: Node, wanted: Sequence[Type]) -> str:
    names = {one.name for one in wanted}
    if NUMBER in names and value.type.name == MONEY:
        return _("Write amount(…) for its number, whatever the currency.")
    if NUMBER in names and value.type.name == TEXT:
        return _("Write number(…) to read a number in a text.")
    if TEXT in names and to_text(value) is not None and value.type.name != NOTHING:
        return _("Write text(…) to make a text of it.")
    return ""


def texts_of(values: Sequence[Node]) -> list[Node]:
    """The values as texts. Raises FormulaError for one that has no words."""
    found = []
    for value in values:
        made = to_text(value)
        if made is None:
            raise unfit(value, [Type(TEXT)])
        found.append(made)
    return found

"""Texts."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.functions.base import Build, Form, Function, by_form, texts_of
from rapport.records.expressions.functions.joining import apart
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import CHOICE, CHOICES, Flag, Number, Text, Type
from rapport.records.expressions.values import constant_text, to_choice

WHOLE = "rapport_formula_whole({}, 0, 2000)"


def _written(name: str, *forms: Form) -> Build:
    """A function of texts that takes a choice by its words too."""
    plain = by_form(name, *forms)

    def build(values: Sequence[Node], at: int) -> Node:
        is_choice = [one.type.name == CHOICE for one in values]
        texts = [
            texts_of([one])[0] if chosen else one
            for one, chosen in zip(values, is_choice, strict=True)
        ]
        return plain(texts, at)

    return build


def _contains(values: Sequence[Node], at: int) -> Node:
    held, sought = values
    if held.type.name == CHOICES:
        return _holds_choice(held, sought, at)
    text = "(strpos(rapport_fold({}), rapport_fold({})) > 0)"
    return _written("contains", Form((Text, Text), Flag, text))(values, at)


def _holds_choice(held: Node, sought: Node, at: int) -> Node:
    choice = Type(CHOICE, held.type.of, held.type.options)
    said = constant_text(sought)
    found = to_choice(sought, choice) if said is not None else None
    if found is None and said is not None:
        raise apart(sought, choice)
    if found is None:
        raise FormulaError(_("Name the choice, like contains(field, “red”)."), sought.at)
    return made_of(Flag, "({1} = ANY ({0}))", held, found, name="contains", at=at)


def _text(values: Sequence[Node], at: int) -> Node:
    return texts_of(values)[0]


TEXTS = (
    Function("text", "texts", "text(value)",
             _("A number, date or choice written out, the same for everybody."),
             ("text(1 / 4)", "0.25"), _text, 1, 1),
    Function("left", "texts", "left(text, count)", _("So many characters of its beginning."),
             ('left("Madrid", 3)', "Mad"),
             _written("left", Form((Text, Number), Text, "left({}, " + WHOLE + ")")), 2, 2),
    Function("right", "texts", "right(text, count)", _("So many characters of its end."),
             ('right("Madrid", 3)', "rid"),
             _written("right", Form((Text, Number), Text, "right({}, " + WHOLE + ")")), 2, 2),
    Function("mid", "texts", "mid(text, from, count)",
             _("So many characters from a place on; the first is 1."),
             ('mid("Madrid", 2, 3)', "adr"),
             _written("mid", Form((Text, Number, Number), Text,
                      "substr({}, greatest(1, " + WHOLE + "), " + WHOLE + ")")), 3, 3),
    Function("lower", "texts", "lower(text)", _("In small letters."),
             ('lower("ABC")', "abc"), _written("lower", Form((Text,), Text, "lower({})")), 1, 1),
    Function("upper", "texts", "upper(text)", _("In capitals."),
             ('upper("abc")', "ABC"), _written("upper", Form((Text,), Text, "upper({})")), 1, 1),
    Function("trim", "texts", "trim(text)", _("Without blanks at its ends."),
             ('trim("  a ")', "a"), _written("trim", Form((Text,), Text, "btrim({})")), 1, 1),
    Function("length", "texts", "length(text)", _("How many characters it has."),
             ('length("abc")', "3"),
             _written("length", Form((Text,), Number, "CAST(length({}) AS numeric)")), 1, 1),
    Function("replace", "texts", "replace(text, old, new)",
             _("With every occurrence of a text replaced by another."),
             ('replace("a-b", "-", "+")', "a+b"),
             _written("replace", Form((Text, Text, Text), Text,
                      "rapport_formula_replace({}, {}, {})")), 3, 3),
    Function("contains", "texts", "contains(text, part)",
             _("Whether the part stands in it, without case and accents; whether a field of "
                  "several choices has one."),
             ('contains("Málaga", "ALA")', "true"), _contains, 2, 2),
    Function("starts_with", "texts", "starts_with(text, part)",
             _("Whether it begins so, without case and accents."),
             ('starts_with("Ávila", "av")', "true"),
             _written("starts_with", Form((Text, Text), Flag,
                      "starts_with(rapport_fold({}), rapport_fold({}))")), 2, 2),
    Function("ends_with", "texts", "ends_with(text, part)",
             _("Whether it ends so, without case and accents."),
             ('ends_with("León", "on")', "true"),
             _written("ends_with", Form((Text, Text), Flag,
                      "starts_with(reverse(rapport_fold({})), reverse(rapport_fold({})))")), 2, 2),
)  # fmt: skip

"""What the mark and the value after a field ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from rapport.records.conditions.text.scanning import Word
from rapport.records.conditions.text.speaking import period_called, state_called, who_called
from rapport.records.conditions.tree import Condition, Group, Rule
from rapport.records.kinds.base import Invalid, Kind
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.periods import SPAN, is_period
from rapport.records.kinds.relation import Relation

COMPARISONS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
#: Values that are operators unless they stand in quotes.
STATES = ("empty", "filled")
SEVERAL = ("any", "none", "named")


def meant(
    field: str, kind: Kind | None, mark: str, words: Sequence[Word], has_comma: bool
) -> Condition:
    """The rule that a mark and its values are."""
    if mark in COMPARISONS:
        return Rule(field, COMPARISONS[mark], _text(words))
    if mark == "~":
        return Rule(field, "contains", _text(words))
    words = [in_english(kind, word) for word in words]
    texts = [word.text for word in words]
    if kind is not None and "named" in kind.operators and not _are_keys(kind, words):
        found = Rule(field, "named", texts if has_comma else texts[0])
        return Group((found,), "none") if mark == "!=" else found
    if has_comma:
        return Rule(field, "none" if mark == "!=" else "any", texts)
    op, value = _one(kind, words[0])
    if mark != "!=":
        return Rule(field, op, value)
    return Rule(field, "not", value) if op == "is" else Group((Rule(field, op, value),), "none")


def in_english(kind: Kind | None, word: Word) -> Word:
    """The same where the reader's language has a word of its own for what is meant: conditions
    are kept for readers of any language."""
    if isinstance(kind, Choice) and not word.is_open:
        with suppress(Invalid):
            return replace(word, text=kind.find(word.text))
    if word.is_quoted or word.is_open:
        return word
    text = state_called(word.text) or word.text
    operators = kind.operators if kind is not None else ()
    if "in" in operators:
        text = period_called(text)
    if isinstance(kind, Relation):
        text = next((one for one in [who_called(text)] if kind.is_key(one)), text)
    return replace(word, text=text)


def _text(words: Sequence[Word]) -> str:
    return ",".join(f"{word.text}*" if word.is_open else word.text for word in words)


def _one(kind: Kind | None, word: Word) -> tuple[str, Any]:
    operators = kind.operators if kind is not None else ()
    if word.is_open and "starts" in operators:
        return "starts", word.text
    text = _text([word])
    if not word.is_quoted:
        if text in STATES:
            return text, None
        if "in" in operators and is_span(text):
            return "in", text
    if "is" not in operators and "contains" in operators:
        return "contains", text
    return "is", text


def is_span(text: str) -> bool:
    """Whether a plain value is a period rather than a day."""
    return SPAN in text or is_period(text)


def _are_keys(kind: Kind, words: Sequence[Word]) -> bool:
    """Whether the values are keys of records, or ask whether there is any."""
    if len(words) == 1 and not words[0].is_quoted and words[0].text in STATES:
        return True
    return all(is_key(kind, word.text) for word in words)


def is_key(kind: Kind, text: str) -> bool:
    """Whether a text can only be a record's key, or a word for whoever asks."""
    test = kind.is_key if isinstance(kind, Relation) else Relation("", "", to="").is_key
    return test(text.rpartition(":")[2] if not isinstance(kind, Relation) else text)


def listed(op: str, words: Sequence[Word], has_comma: bool) -> Any:
    """The right side of an operator that was named."""
    if op in STATES:
        return None
    texts = [_text([word]) for word in words]
    return texts if op in SEVERAL and (has_comma or op != "named") else ",".join(texts)


def compared(mark: str, word: Word) -> tuple[str, Any]:
    """The operator and the right side of a measure."""
    if mark in COMPARISONS:
        return COMPARISONS[mark], word.text
    if mark == "!=":
        return "not", word.text
    text = word.text if word.is_quoted else period_called(state_called(word.text) or word.text)
    if not word.is_quoted and text in STATES:
        return text, None
    if not word.is_quoted and is_span(text):
        return "in", text
    return "is", word.text

"""What operators and measures are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.records.kinds.base import Kind
from rapport.records.kinds.time import Dated

#: Operators that people write, and that no form has to offer beside a list to choose from.
WRITTEN_ONLY = frozenset({"named"})


def operator_words(kind: Kind) -> dict[str, str]:
    """The operators of a kind in the reader's words, as they stand between a field and a value."""
    dated = _is_dated(kind)
    every = {
        "in": _("is in the period"),
        "is": _("is"),
        "not": _("is not"),
        "contains": _("contains"),
        "starts": _("starts with"),
        "any": _("is one of"),
        "none": _("is none of"),
        "named": _("is called"),
        "empty": _("is empty"),
        "filled": _("is filled in"),
        "gt": _("after") if dated else _("more than"),
        "gte": _("from") if dated else _("at least"),
        "lt": _("before") if dated else _("less than"),
        "lte": _("until") if dated else _("at most"),
    }
    return {op: every[op] for op in kind.operators}


def offered_words(kind: Kind) -> dict[str, str]:
    """Those that a form offers."""
    return {op: words for op, words in operator_words(kind).items() if op not in WRITTEN_ONLY}


def rule_words(kind: Kind, op: str) -> str:
    """The sentence of a rule, with places for the field and the value."""
    dated = _is_dated(kind)
    every = {
        "in": _("%(field)s is within %(value)s"),
        "is": _("%(field)s is %(value)s"),
        "not": _("%(field)s is not %(value)s"),
        "contains": _("%(field)s contains %(value)s"),
        "starts": _("%(field)s starts with %(value)s"),
        "any": _("%(field)s is %(value)s"),
        "none": _("%(field)s is not %(value)s"),
        "named": _("%(field)s is %(value)s"),
        "empty": _("%(field)s is empty"),
        "filled": _("%(field)s is filled in"),
        "gt": _("%(field)s is after %(value)s") if dated else _("%(field)s is over %(value)s"),
        "gte": _("%(field)s is from %(value)s on")
        if dated
        else _("%(field)s is at least %(value)s"),
        "lt": _("%(field)s is before %(value)s") if dated else _("%(field)s is under %(value)s"),
        "lte": _("%(field)s is until %(value)s") if dated else _("%(field)s is at most %(value)s"),
    }
    return every.get(op, "%(field)s %(value)s")


def _is_dated(kind: Kind) -> bool:
    return isinstance(kind, Dated) or isinstance(getattr(kind, "moment", None), Dated)


def measure_words(measure: str) -> str:
    """What a measure is called, with places for the field and the related records."""
    every = {
        "count": _("number of %(objects)s"),
        "sum": _("sum of %(field)s of %(objects)s"),
        "average": _("average of %(field)s of %(objects)s"),
        "min": _("smallest %(field)s of %(objects)s"),
        "max": _("largest %(field)s of %(objects)s"),
        "latest": _("latest %(field)s of %(objects)s"),
        "earliest": _("earliest %(field)s of %(objects)s"),
    }
    return every[measure]


def who_words(text: str) -> str:
    """A word for whoever asks, as people say it; empty for any other text."""
    return {"me": _("me"), "my_team": _("my team")}.get(text.strip().lower(), "")

"""The rules of a score: what may be asked of which field, what is asked at first, what can't be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.records.changes.columns import rows_table
from rapport.records.declare import Expect, Object
from rapport.records.expressions.columns import type_of
from rapport.records.kinds.base import Kind
from rapport.records.kinds.choice import Boolean
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.relation import Links
from rapport.records.kinds.text import LongText
from rapport.records.kinds.time import Date, DateTime
from rapport.records.metadata.column import form_at

type Sort = Literal["missing", "invalid", "stale"]

COMPLETENESS = "completeness"
SORTS: tuple[Sort, ...] = ("missing", "invalid", "stale")
FULL = 100
MOST_RULES = 40
MOST_DAYS = 3650
#: Columns that the database fills in by itself.
STAMPS = frozenset({"created_at", "created_by", "updated_at", "updated_by", "lifecycle_at"})
TOUCHED = "updated_at"
#: What each of an object's columns counts where its declaration says nothing of it.
USUAL = 20


def rules_in(said: Mapping[str, Any]) -> Sequence[Expect]:
    """The rules of a score as its row keeps them; what is none is passed over."""
    given = said.get("rules", [])
    rows = given if isinstance(given, list) else []
    return [rule for one in rows if (rule := _rule(one)) is not None]


def _rule(one: Any) -> Expect | None:
    if not isinstance(one, Mapping) or one.get("sort") not in SORTS:
        return None
    field, points, days = one.get("field"), one.get("points"), one.get("days", 0)
    if not isinstance(field, str) or not isinstance(points, int) or not isinstance(days, int):
        return None
    return Expect(field, points, cast("Sort", one["sort"]), days)


def rules_json(rules: Sequence[Expect]) -> list[dict[str, Any]]:
    """The rules as a row keeps them."""
    return [
        {"sort": one.sort, "field": one.field, "points": one.points}
        | ({"days": one.days} if one.sort == "stale" else {})
        for one in rules
    ]


def suggested(declaration: type[Object]) -> Sequence[Expect]:
    """The rules to begin with: those declared, else that the list's columns are filled in."""
    if declaration.expects:
        known = set(askable(declaration))
        return [one for one in declaration.expects if (one.sort, one.field) in known]
    missing = [name for sort, name in askable(declaration) if sort == "missing"]
    shown = [name for name in declaration.columns if name in missing]
    own = [name for name in missing if declaration.fields[name].is_custom]
    names = list(dict.fromkeys([*shown, *own]))[: FULL // USUAL]
    return [Expect(name, USUAL) for name in names]


def askable(declaration: type[Object]) -> Sequence[tuple[Sort, str]]:
    """What may be asked, as (sort of rule, field)."""
    fields = declaration.fields.items()
    return [
        *(("missing", name) for name, kind in fields if _can_be_missing(kind, declaration)),
        *(("invalid", name) for name, kind in fields if kind.faulty() is not None),
        *(("stale", name) for name, kind in fields if can_be_stale(kind)),
    ]


def _can_be_missing(kind: Kind, declaration: type[Object]) -> bool:
    if kind.name in STAMPS | {declaration.title} or kind.required or isinstance(kind, Boolean):
        return False
    if hasattr(kind, "node"):
        return not kind.node.is_volatile and kind.type != COMPLETENESS
    if is_beside(kind):
        return True
    return kind.editable and (type_of(kind, "") is not None or is_long_text(kind))


def is_long_text(kind: Kind) -> bool:
    """Whether it is rich text in a column of its own."""
    return isinstance(kind, LongText) and kind.stored and not kind.is_beside


def is_beside(kind: Kind) -> bool:
    """Whether its values are rows of a table beside the record's that the log tells of."""
    return isinstance(kind, Links) or rows_table(kind) is not None


def can_be_stale(kind: Kind) -> bool:
    """Whether it is a date of the record's own that somebody or the database notes."""
    if hasattr(kind, "node") or kind.is_beside or kind.name in STAMPS - {TOUCHED}:
        return False
    return isinstance(kind, Date | DateTime)


def can_be_worth(kind: Kind) -> bool:
    """Whether a number says how much a record matters."""
    if not isinstance(kind, Decimals) or not kind.stored or kind.is_beside:
        return False
    node = getattr(kind, "node", None)
    return (node is None or not node.is_volatile) and kind.type != COMPLETENESS


def can_note_a_check(kind: Kind) -> bool:
    """Whether it is a day that can be filled in when somebody found that all is still right."""
    return isinstance(kind, Date) and form_at(kind.path)[0] is not None and kind.editable


def faults_in(said: Mapping[str, Any], declaration: type[Object]) -> Iterator[str]:
    """A sentence for everything that the rules can't be."""
    rules = rules_in(said)
    if not isinstance(said.get("rules"), list) or len(rules) != len(said["rules"]) or not rules:
        yield _("Say at least one thing that a complete record has.")
    if len(rules) > MOST_RULES:
        yield _("%(n)d rules are the most.") % {"n": MOST_RULES}
    known = set(askable(declaration))
    asked = [(one.sort, one.field) for one in rules]
    for sort, field in dict.fromkeys(asked):
        label = declaration.fields[field].label if field in declaration.fields else field
        if (sort, field) not in known:
            yield _("“%(field)s” can't be asked for that.") % {"field": label}
        elif asked.count((sort, field)) > 1:
            yield _("“%(field)s” is asked for twice.") % {"field": label}
    if any(not 1 <= one.points <= FULL for one in rules):
        yield _("Take 1 to 100 points off for each.")
    if any(one.sort == "stale" and not 1 <= one.days <= MOST_DAYS for one in rules):
        yield _("A date is stale after 1 to %(n)d days.") % {"n": MOST_DAYS}
    yield from _choice_faults(said, declaration)


def _choice_faults(said: Mapping[str, Any], declaration: type[Object]) -> Iterator[str]:
    for part, can_be in (("worth", can_be_worth), ("checked", can_note_a_check)):
        name = said.get(part, "")
        kind = declaration.fields.get(name) if isinstance(name, str) else None
        if name and (kind is None or not can_be(kind)):
            yield _("“%(field)s” can't be chosen for that.") % {"field": name}


def rule_words(rule: Expect, declaration: type[Object]) -> str:
    """What a record lacks that a rule takes points off for."""
    kind = declaration.fields.get(rule.field)
    field = {"field": kind.label if kind else rule.field}
    if rule.sort == "missing":
        return _("%(field)s is missing") % field
    if rule.sort == "invalid":
        return _("%(field)s is not valid") % field
    days = {"n": rule.days}
    if rule.field == TOUCHED:
        return ngettext("not changed for %(n)d day", "not changed for %(n)d days", rule.days) % days
    return ngettext(
        "%(field)s is more than %(n)d day ago", "%(field)s is more than %(n)d days ago", rule.days
    ) % (days | field)

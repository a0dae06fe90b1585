"""A condition as a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.kit.formats import locale_of
from rapport.records import access
from rapport.records.conditions.gathering import measure_kind
from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.text.shaping import simplified
from rapport.records.conditions.tree import (
    Changed,
    Condition,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    walk,
)
from rapport.records.conditions.words import measure_words, rule_words, who_words
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.periods import period_words
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.rows import Rows

NOTHING = Group()


def sentence(condition: Condition, declaration: type[Object], context: Context) -> str:
    """What the condition asks, in words; records it names by key are looked up at once.

    What the reader may not see is called by the name that the condition has for it.
    """
    ground = ground_of(declaration, context.principal)
    teller = _Teller(context)
    teller.learn_titles(condition, ground)
    plain = simplified(condition)
    return _("everything") if plain == NOTHING else teller.said(plain, ground)


class _Teller:
    """Says the parts of a condition."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.locale = locale_of(get_language() or context.language)

    # Titles ----------------------------------------------------------------------------------

    def learn_titles(self, condition: Condition, ground: Ground) -> None:
        """Fetch the titles of records named by key, in one statement if there are any."""
        wanted = {
            pair
            for part, _depth in walk(condition)
            for pair in self._references(part, ground)
            if pair[1] not in self.context.titles
        }
        if wanted:
            found = access.titles(self.context.principal, wanted, self.context.language)
            self.context.titles = {**self.context.titles, **found}

    def _references(self, part: Condition, ground: Ground) -> set[tuple[str, UUID]]:
        match part:
            case Rule(value=given):
                given = [given]
            case Was(rule=rule):
                given = [rule.value]
            case Changed():
                given = [part.before, part.after]
            case _:
                return set()
        # Any object may have such a key; those the reader sees are few.
        keys = {key for one in given for key in _keys_in(one)}
        objects = [one.name for one in access.visible_objects(self.context.principal)]
        return {(name, key) for key in keys for name in ("user", *objects)}

    # Parts -----------------------------------------------------------------------------------

    def said(self, condition: Condition, ground: Ground) -> str:
        match condition:
            case Group():
                return self._group(condition, ground)
            case Related():
                return self._related(condition, ground)
            case Measure():
                return self._measure(condition, ground)
            case Changed():
                return self._changed(condition, ground)
            case Was():
                rule = self._rule(condition.rule, ground)
                return self._within(_("at some time: %(rule)s") % {"rule": rule}, condition.when)
        return self._rule(condition, ground)

    def _group(self, group: Group, ground: Ground) -> str:
        is_all = group.mode == "all"
        said = [
            f"({self.said(part, ground)})"
            if isinstance(part, Group) and part.mode != "none" and len(group.parts) > 1
            else self.said(part, ground)
            for part in group.parts
        ]
        joined = format_list(said, style="standard" if is_all else "or", locale=self.locale)
        return (
            _("not (%(conditions)s)") % {"conditions": joined} if group.mode == "none" else joined
        )

    def _rule(self, rule: Rule, ground: Ground) -> str:
        head, dot, rest = rule.field.partition(".")
        related = ground.related(head) if dot else None
        if related is not None and not related.is_one:
            return self._related(Related(head, Rule(rest, rule.op, rule.value)), ground)
        label, kind = self._field(rule.field, ground)
        return self._compared(label, kind, rule.op, rule.value)

    def _field(self, path: str, ground: Ground) -> tuple[str, Kind | None]:
        """What a field, perhaps of a related record, is called."""
        head, dot, rest = path.partition(".")
        if not dot:
            kind = ground.field(head)
            return (str(kind.label) if kind else head), kind
        related = ground.related(head)
        if related is None:
            return path, None
        label, kind = self._field(rest, ground_in(related, self.context.principal))
        return _("%(field)s of %(of)s") % {"field": label, "of": small(str(related.label))}, kind

    def _compared(self, label: str, kind: Kind | None, op: str, given: Any) -> str:
        if kind is None:
            return f"{label} {op} {given}".strip()
        value = "" if op in ("empty", "filled") else self._value(kind, op, given)
        return rule_words(kind, op) % {"field": label, "value": value}

    # Values ----------------------------------------------------------------------------------

    def _value(self, kind: Kind, op: str, given: Any) -> str:
        several = self._split(given, op)
        said = [self._one(kind, op, one) for one in several]
        return format_list(said, style="or", locale=self.locale) if said else "–"

    def _split(self, given: Any, op: str) -> Sequence[Any]:
        if isinstance(given, list | tuple):
            return given
        return str(given or "").split(",") if op in ("any", "none") else [given]

    def _one(self, kind: Kind, op: str, given: Any) -> str:
        if isinstance(kind, Relation | Links | Rows):
            return who_words(str(given)) or self._title(given)
        if not is_storable(given):
            return "…"
        single = {"any": "is", "none": "is"}.get(op, op)
        try:
            argument = kind.argument(single, given, self.context)
        except Invalid:
            return str(given)
        return kind.told(argument, self.context) or str(given if given not in (None, "") else "–")

    def _title(self, given: Any) -> str:
        for key in _keys_in(given):
            title = self.context.titles.get(key)
            return title.text if title else "…"
        return str(given)

    # What is related -------------------------------------------------------------------------

    def _related(self, condition: Related, ground: Ground) -> str:
        head, dot, rest = condition.related.partition(".")
        related = ground.related(head)
        if related is None:
            return f"{condition.related}: {condition.has}"
        where = Related(rest, condition.where) if dot else condition.where
        inner = "" if where == NOTHING else self._inside(where, related)
        words = {"objects": small(str(related.label)), "conditions": inner}
        if condition.has == "none":
            sentence = _("has no %(objects)s whose %(conditions)s")
            return (sentence if inner else _("has no %(objects)s")) % words
        return (
            _("has %(objects)s whose %(conditions)s") if inner else _("has %(objects)s")
        ) % words

    def _inside(self, where: Condition, related: RelatedSet) -> str:
        return small(self.said(where, ground_in(related, self.context.principal)))

    def _measure(self, condition: Measure, ground: Ground) -> str:
        head, dot, rest = condition.related.partition(".")
        related = ground.related(head)
        if related is None:
            return f"{condition.measure}({condition.related})"
        if dot:
            inner = Measure(
                rest, condition.measure, condition.op, condition.value, condition.of,
                condition.where,
            )  # fmt: skip
            return self._related(Related(head, inner), ground)
        far = ground_in(related, self.context.principal)
        kind = far.field(condition.of or "at")
        label = measure_words(condition.measure) % {
            "objects": small(str(related.label)),
            "field": small(str(kind.label)) if kind else condition.of,
        }
        if condition.where != NOTHING:
            label = f"{label} ({self._inside(condition.where, related)})"
        shown = measure_kind(condition.measure, None if condition.measure == "count" else kind)
        return self._compared(label, shown, condition.op, condition.value)

    # The past --------------------------------------------------------------------------------

    def _changed(self, condition: Changed, ground: Ground) -> str:
        label, kind = self._field(condition.field, ground)
        sides = {
            name: self._value(kind, "is", given) if kind else str(given)
            for name, given in (("before", condition.before), ("after", condition.after))
            if given is not None
        }
        match sorted(sides):
            case ["after", "before"]:
                text = _("%(field)s was changed from %(before)s to %(after)s")
            case ["before"]:
                text = _("%(field)s was changed from %(before)s")
            case ["after"]:
                text = _("%(field)s was changed to %(after)s")
            case _:
                text = _("%(field)s was changed")
        return self._within(text % {"field": label, **sides}, condition.when)

    def _within(self, text: str, when: str) -> str:
        if not when:
            return text
        try:
            word = period_words(when, self.context.language)
        except (KeyError, ValueError):
            word = when
        return _("%(what)s within %(period)s") % {"what": text, "period": word}


def _keys_in(given: Any) -> list[UUID]:
    """Keys of records in a value: alone, in a list, after an object's name."""
    several = given if isinstance(given, list | tuple) else str(given or "").split(",")
    found = []
    for one in several:
        try:
            found.append(UUID(str(one).strip().rpartition(":")[2]))
        except ValueError:
            continue
    return found


def small(label: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label

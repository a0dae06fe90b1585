"""Conditions on what records were, out of the change log.

A value that the law had forgotten is not in the log any more and so meets nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.hashable import make_hashable
from django.utils.translation import gettext as _

from rapport.kit.periods import Period
from rapport.records import registry
from rapport.records.conditions.named import called
from rapport.records.conditions.tree import Changed, ConditionError, Was
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.choice import Choices
from rapport.records.kinds.number import Decimals, Money
from rapport.records.kinds.other import Json, LocalWords
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import DateTime
from rapport.records.metadata.column import CUSTOM
from rapport.records.models import Change
from rapport.records.schema.log_triggers import ignored_columns
from rapport.records.sql import column_at, related_model

BEFORE, AFTER = "was", "became"
SIDES = {BEFORE: "old", AFTER: "new"}


def is_kept(kind: Kind) -> bool:
    """Whether the log keeps what this field of a record was."""
    if not kind.stored or kind.object is None or isinstance(kind, Choices | Json | LocalWords):
        return False
    if not kind.logged:
        return False
    model, column = _home(kind)
    is_logged = any(one.model is model for one in registry.logged())
    return is_logged and bool(column) and column not in ignored_columns(model)


def changed(condition: Changed, kind: Kind, context: Context) -> tuple[Q, Hashable]:
    """The records whose field was changed so. Raises ConditionError."""
    period = period_of(condition.when, context)
    rows = _within(_changes(kind), period)
    key: list[Hashable] = [period]
    for side, value in ((BEFORE, condition.before), (AFTER, condition.after)):
        if value is not None:
            where, side_key = _equals(kind, side, value, context)
            rows = _read(rows, kind, side).filter(where)
            key.append((side, side_key))
    return Q(Exists(rows)), tuple(key)


def was(condition: Was, kind: Kind, now: Q, context: Context) -> tuple[Q, Hashable]:
    """The records for which the rule held at some time; `now` are those for which it does.

    What a field was in a period: what changes in it made and ended, and if there are none what it
    was all the time, which the next change after it tells, else the record. Raises ConditionError.
    """
    period = period_of(condition.when, context)
    before, key = _side(kind, BEFORE, condition, context)
    after, _key = _side(kind, AFTER, condition, context)
    logged = _read(_read(_log(kind), kind, BEFORE), kind, AFTER)
    is_change = ~Q(kind="create") & _touches(kind)
    told = logged.filter((Q(kind="create") & after) | (is_change & (before | after)))
    found = Q(Exists(_within(told, period)))
    if _is_over(period):
        later = _changes(kind).filter(at__gte=period.end)
        first = later.filter(~Exists(_earlier(kind, period.end)))
        held = (Q(~Exists(later)) & now) | Q(Exists(_read(first, kind, BEFORE).filter(before)))
    else:
        held = now
    if period.end is not None:
        held &= Q(created_at__lt=period.end)
    return found | held, (period, key)


def period_of(when: str, context: Context) -> Period:
    """The moments that a period takes; all of them without a word. Raises ConditionError."""
    if not when:
        return Period("", None, None)
    try:
        found = DateTime(_("When")).argument("in", when, context)
    except Invalid as problem:
        raise ConditionError(str(problem), "when") from None
    return found


def _home(kind: Kind) -> tuple[type[models.Model], str]:
    """The table and the column that hold the field; no column where it is another record's."""
    if kind.object is None:
        raise ValueError(f"{kind.name} is a field of no object.")
    model = kind.object.model
    if kind.is_custom:
        return model, CUSTOM
    relation, dots, column = kind.path.partition("__")
    if not dots:
        return model, kind.path
    side = model._meta.get_field(relation)
    if side.one_to_one and not side.concrete:
        return related_model(model, relation), column
    return model, ""


def _log(kind: Kind) -> QuerySet[Change]:
    """What the log has of the record that the outer query is at."""
    model, _column = _home(kind)
    return Change.objects.filter(record_id=OuterRef("pk"), table=model._meta.db_table)


def _changes(kind: Kind) -> QuerySet[Change]:
    """Those changes of it that changed the field."""
    return _log(kind).exclude(kind="create").filter(_touches(kind))


def _touches(kind: Kind) -> Q:
    """The changes that changed the field; custom values lie together in one column."""
    text, found = models.TextField(), Q(new__has_key=_home(kind)[1])
    if kind.is_custom:
        found &= ~Q(
            Exact(*(Coalesce(_text(kind, side), Value(""), output_field=text) for side in SIDES))
        )
    return found


def _text(kind: Kind, side: str) -> Any:
    """One side of a change as text, NULL for no value."""
    return KT("__".join((SIDES[side], *kind.logged[0].split("."))))


def _earlier(kind: Kind, since: Any) -> QuerySet[Change]:
    """Changes of the field before the one that the outer query is at."""
    model, _column = _home(kind)
    return Change.objects.filter(
        Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), id__lt=OuterRef("id")), _touches(kind),
        record_id=OuterRef("record_id"), table=model._meta.db_table, at__gte=since,
    ).exclude(kind="create")  # fmt: skip


def _within(rows: QuerySet[Change], period: Period) -> QuerySet[Change]:
    if period.start is not None:
        rows = rows.filter(at__gte=period.start)
    return rows if period.end is None else rows.filter(at__lt=period.end)


def _is_over(period: Period) -> bool:
    return isinstance(period.end, datetime) and period.end <= timezone.now()


def _read(rows: QuerySet[Change], kind: Kind, side: str) -> QuerySet[Change]:
    """The changes with the value of the field before or after."""
    model, column = _home(kind)
    found = column_at(model, kind.path if kind.is_custom else column)
    form: models.Field[Any, Any] = models.UUIDField() if found.is_relation else found.clone()
    value = Cast(_text(kind, side), form)
    # Rows of other tables come by too: what those have under this name may be of another type.
    guarded: Any = Case(When(table=model._meta.db_table, then=value), output_field=form)
    if isinstance(kind, Text):
        guarded = Coalesce(guarded, Value(""), output_field=models.TextField())
    return rows.annotate(**{side: guarded})


def _as(kind: Kind, side: str) -> Kind:
    """The field as it reads one side of a change."""
    made: Any = copy.copy(kind)
    if isinstance(kind, Money):
        made = Decimals(kind.label)
        made.name = kind.name
    made.path = side
    return made


def _side(kind: Kind, side: str, condition: Was, context: Context) -> tuple[Q, Hashable]:
    rule, read = condition.rule, _as(kind, side)
    if rule.op == "named":
        asked = called(read, rule.value, context)
        return asked.where, asked.key
    return _condition(read, rule.op, rule.value, context)


def _equals(kind: Kind, side: str, value: Any, context: Context) -> tuple[Q, Hashable]:
    """That one side of a change is the value, or one of several."""
    read = _as(kind, side)
    several = isinstance(value, list | tuple)
    if isinstance(read, Relation) and not read.names_keys(value):
        asked = called(read, value, context)
        return asked.where, asked.key
    if not several:
        return _condition(read, "is", value, context)
    each = [_condition(read, "is", one, context) for one in value]
    found = Q(*(where for where, _key in each), _connector=Q.OR)
    return found, tuple(key for _where, key in each)


def _condition(kind: Kind, op: str, value: Any, context: Context) -> tuple[Q, Hashable]:
    if not is_storable(value):
        raise ConditionError(_("A value holds a character that can't be stored."), kind.name)
    try:
        argument = kind.argument(op, value, context)
    except Invalid as problem:
        raise ConditionError(str(problem), kind.name) from None
    where, key = kind.asked(op, argument, context)
    return where, (op, make_hashable(argument), key)

"""Numbers, sums and other measures of related records, compared with a value."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DecimalField,
    DurationField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.hashable import make_hashable
from django.utils.translation import gettext as _

from rapport.records import registry
from rapport.records.conditions.asked import Asked
from rapport.records.conditions.ground import Ground
from rapport.records.conditions.joining import Joined
from rapport.records.conditions.tree import ConditionError, Measure
from rapport.records.kinds.base import Context, Invalid, Kind, is_storable
from rapport.records.kinds.number import Decimals, Integer, Money
from rapport.records.kinds.time import Dated, Duration
from rapport.records.sql import InRows

MEASURED = "measured"
#: What holds for records without a single value: their opposites don't.
TURNED = {"not": "is", "empty": "filled"}
FUNCTIONS: dict[str, Any] = {
    "sum": Sum, "average": Avg, "min": Min, "max": Max, "latest": Max, "earliest": Min,
}  # fmt: skip


def measured(
    condition: Measure, joined: Joined, ground: Ground, context: Context, *, few: bool
) -> Asked:
    """The records whose related rows measure so.

    Nothing related counts 0 and sums up to 0; it has no average, least, most, latest or earliest.
    Rows are gathered once for all records, or with `few` for each record that is asked for.
    Raises ConditionError.
    """
    if joined.related.is_one:
        raise ConditionError(
            _("There is only one “%(name)s”. Ask for its fields instead.")
            % {"name": joined.related.label},
            condition.related,
        )
    kind = _field(condition, ground)
    shown = measure_kind(condition.measure, kind)
    argument, currency = _argument(condition, kind, shown, context)
    rows, column = _column(condition, joined, ground, kind, currency)
    gathered = rows.order_by().values(joined.related.near)
    gathered = gathered.annotate(**{MEASURED: _function(condition.measure, column, kind)})
    holds, is_turned = _holds(condition, shown, argument)
    found = gathered.filter(holds)
    where = _tied(joined, found, few=few)
    key = (condition.of, condition.op, make_hashable(argument), currency, few)
    return Asked(~where if is_turned else where, key)


def gather(
    condition: Measure, joined: Joined, rows: QuerySet[Any], ground: Ground
) -> QuerySet[Any, Any]:
    """Rows (near, measure) of some of the joined rows, for whoever keeps the measure.

    Amounts are reckoned in the workspace's currency. Raises ConditionError.
    """
    kind = _field(condition, ground)
    found, column = _column(condition, replace(joined, rows=rows), ground, kind, "")
    near = joined.related.near
    made = found.order_by().values(near)
    return made.annotate(**{MEASURED: _function(condition.measure, column, kind)}).values_list(
        near, MEASURED
    )


def gather_far(
    condition: Measure, joined: Joined, rows: QuerySet[Any], ground: Ground, currency: str
) -> QuerySet[Any, Any]:
    """Rows (near, how many) of joined rows whose amount is in another currency than this one."""
    kind = _field(condition, ground)
    far = kind.far(currency) if isinstance(kind, Money) else None
    near = joined.related.near
    if kind is None or far is None:
        rows = rows.none()
    elif kind.name in ground.fields:
        rows = rows.filter(far)
    else:
        beyond = registry.get(joined.related.to).model._default_manager
        rows = rows.filter(Exists(beyond.filter(far, pk=OuterRef(joined.related.subject))))
    return (
        rows.order_by().values(near).annotate(**{MEASURED: Count("*")}).values_list(near, MEASURED)
    )


def _field(condition: Measure, ground: Ground) -> Kind | None:
    """The field that is measured; None for a count. Raises ConditionError."""
    if condition.measure == "count":
        if condition.of:
            raise ConditionError(_("A count is of records, not of a field."), condition.of[:60])
        return None
    name = condition.of or ("at" if "at" in ground.fields else "")
    kind = ground.field(name)
    if kind is None:
        raise ConditionError(
            _("%(objects)s have no field “%(field)s”.")
            % {"objects": ground.label, "field": name[:60]},
            name[:60],
        )
    if condition.measure not in measures_of(kind):
        raise ConditionError(
            _("“%(field)s” can't be asked with “%(op)s”. It takes: %(ops)s.")
            % {
                "field": kind.label,
                "op": condition.measure,
                "ops": ", ".join(measures_of(kind)) or "–",
            },
            name,
        )
    return kind


def measures_of(kind: Kind) -> tuple[str, ...]:
    """The measures that a field of related records has."""
    if not kind.stored:
        return ()
    if isinstance(kind, Dated):
        return ("latest", "earliest")
    if isinstance(kind, Decimals | Duration):
        return ("sum", "average", "min", "max")
    return ()


def measure_kind(measure: str, kind: Kind | None) -> Kind:
    """A field as which the measure can be compared."""
    if kind is None:
        made: Any = Integer(_("Number"))
    elif isinstance(kind, Money) or (measure == "average" and isinstance(kind, Integer)):
        made = Decimals(kind.label)
    else:
        made = copy.copy(kind)
        if isinstance(made, Decimals):
            made.low = made.high = None
    made.name = made.path = MEASURED
    made.required = False
    return made


def operators_of(measure: str, kind: Kind | None) -> tuple[str, ...]:
    """How the measure of a field can be compared."""
    return measure_kind(measure, kind).operators


def _argument(
    condition: Measure, kind: Kind | None, shown: Kind, context: Context
) -> tuple[Any, str]:
    """The right side, and the currency in which alone rows are gathered, if one is named."""
    if condition.op not in shown.operators:
        raise ConditionError(
            _("“%(field)s” can't be asked with “%(op)s”. It takes: %(ops)s.")
            % {
                "field": condition.measure,
                "op": condition.op[:20],
                "ops": ", ".join(shown.operators),
            },
            condition.related,
        )
    if not is_storable(condition.value):
        raise ConditionError(_("A value holds a character that can't be stored."), condition.of)
    try:
        if isinstance(kind, Money):
            return _money(condition, kind, context)
        argument = shown.argument(condition.op, condition.value, context)
    except Invalid as problem:
        raise ConditionError(str(problem), condition.of or condition.related) from None
    return _given(condition, argument), ""


def _given(condition: Measure, argument: Any) -> Any:
    if argument is None and condition.op not in ("empty", "filled"):
        raise ConditionError(
            _("“%(field)s” needs a value to compare with.") % {"field": condition.measure},
            condition.of or condition.related,
        )
    return argument


def _money(condition: Measure, kind: Money, context: Context) -> tuple[Any, str]:
    """Amounts of several currencies add up only where they are known in one."""
    value = None
    if condition.op not in ("empty", "filled"):
        value = _given(condition, kind.parse(condition.value, context))
    amount, currency = value if isinstance(value, tuple) else (value, "")
    if not currency and not kind.reckoned:
        raise ConditionError(
            _("“%(field)s” is in several currencies. Say in which to reckon, like 1000 EUR.")
            % {"field": kind.label},
            condition.of,
        )
    return amount, "" if kind.is_ours else currency


def _column(
    condition: Measure, joined: Joined, ground: Ground, kind: Kind | None, currency: str
) -> tuple[QuerySet[Any], Any]:
    """The rows to gather and the column of them that is measured."""
    rows = joined.rows
    if kind is None:
        return rows, None
    path = kind.path
    if isinstance(kind, Money):
        path = kind.path if currency else kind.reckoned
    if kind.name in ground.fields:
        if currency and isinstance(kind, Money):
            rows = rows.filter(**{kind.paths[1]: currency})
        return rows, F(path)
    far = registry.get(joined.related.to).model._default_manager
    beyond = far.filter(pk=OuterRef(joined.related.subject))
    if currency and isinstance(kind, Money):
        rows = rows.filter(Exists(beyond.filter(**{kind.paths[1]: currency})))
    return rows, Subquery(beyond.values(path))


def _function(measure: str, column: Any, kind: Kind | None) -> Any:
    if kind is None:
        return Count("*")
    made = FUNCTIONS[measure](column)
    if measure != "sum":
        return made
    if isinstance(kind, Duration):
        return Coalesce(made, Value(timedelta(0)), output_field=DurationField())
    return Coalesce(made, Value(Decimal(0)), output_field=DecimalField())


def _holds(condition: Measure, shown: Kind, argument: Any) -> tuple[Q, bool]:
    """What the measure must meet, and whether the records wanted are those where it doesn't."""
    op = condition.op
    if condition.measure not in ("count", "sum"):
        is_turned = op in TURNED
        return shown.condition(TURNED.get(op, op), argument), is_turned
    holds = shown.condition(op, argument)
    is_turned = _holds_for_nothing(op, argument)
    return (~holds if is_turned else holds), is_turned


def _holds_for_nothing(op: str, argument: Any) -> bool:
    """Whether nothing, which counts 0, meets the comparison."""
    nothing: Any = timedelta(0) if isinstance(argument, timedelta) else 0
    match op:
        case "is":
            return bool(argument == nothing)
        case "not":
            return bool(argument != nothing)
        case "gt":
            return bool(nothing > argument)
        case "gte":
            return bool(nothing >= argument)
        case "lt":
            return bool(nothing < argument)
        case "lte":
            return bool(nothing <= argument)
    return op == "filled"


def _tied(joined: Joined, gathered: QuerySet[Any], *, few: bool) -> Q:
    near, origin = joined.related.near, joined.related.origin
    if few:
        return Q(Exists(gathered.filter(**{near: OuterRef(origin)})))
    return Q(InRows(F(origin), gathered.values(near)))

"""What makes an open deal worth a look: each reason as a condition, and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records import access, registry, timeline
from rapport.records.kinds import Context
from rapport.sales.models import Deal, DealPerson, DealStanding
from rapport.sales.queries.deal_norms import Norms, norms

#: What each reason is told from: whoever may not read that is not told of the reason.
FLAGS: Mapping[str, tuple[str, ...]] = {
    "late": ("close_date",),
    "pushed": ("close_date",),
    "stalled": ("stage", "stage_since"),
    "quiet": ("last_touch", "created_at"),
    "no_step": ("next_step",),
    "single": ("people",),
    "odd_amount": ("amount", "pipeline"),
}
QUIET_DAYS = 14
PUSHES = 2
#: How far above what is usual an amount is out of line, and below it.
TIMES = 2
NEVER = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Glance:
    """What decides on the reasons for one reader on one day; queries are kept by it."""

    told: tuple[str, ...]
    today: date
    norms: Norms
    seen: timeline.Sight
    people: access.Reach


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason, with its figures."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def glance(principal: Principal) -> Glance:
    """What decides on the reasons for a reader now."""
    hidden = access.unread(principal, "deal", *{name for all_ in FLAGS.values() for name in all_})
    told = tuple(name for name, needed in FLAGS.items() if not hidden & set(needed))
    return Glance(
        told,
        timezone.localdate(timezone=timeline.workspace_zone()),
        norms(principal),
        timeline.sight(principal),
        access.reach(principal, registry.get("person")),
    )


def flagged(found: Glance, names: Sequence[str], context: Context) -> Q:
    """The open deals that any of these is true of."""
    conditions = _conditions(found, context)
    met = reduce(or_, (conditions[name] for name in names if name in conditions), NEVER)
    return Q(state="open") & met


def with_flags(
    rows: QuerySet[Any, Any], found: Glance, context: Context, ids: Sequence[UUID] | None = None
) -> tuple[QuerySet[Any, Any], Mapping[str, str]]:
    """The rows with a column for each reason, and the columns' names.

    With `ids`, the rows are some of these deals, and the database looks at no other.
    """
    columns = {name: f"is_{name}" for name in found.told}
    met = {
        columns[name]: ExpressionWrapper(
            Q(state="open") & condition, output_field=BooleanField()
        )
        for name, condition in _conditions(found, context, ids).items()
    }  # fmt: skip
    return rows.annotate(**met), columns


def flags_of(found: Glance, ids: Sequence[UUID], context: Context) -> Mapping[UUID, Sequence[Flag]]:
    """The reasons of these deals, with their figures: one statement. They must be in reach."""
    rows, columns = with_flags(Deal.objects.filter(pk__in=ids).order_by(), found, context, ids)
    facts = rows.annotate(**_facts(found))
    own = ("stage_id", "pipeline_id", "stage_since", "close_date", "created_at", "amount_base")
    names = ("last_contact", "contacts", "pushes", "first_close")
    told = facts.values("pk", *own, *names, *columns.values())
    now = timezone.now()
    return {
        row["pk"]: [
            Flag(name, _figures(name, row, found, now))
            for name, column in columns.items() if row[column]
        ]
        for row in told
    }  # fmt: skip


def _conditions(
    found: Glance, context: Context, ids: Sequence[UUID] | None = None
) -> Mapping[str, Q]:
    fields = registry.get("deal").fields
    since = Now() - timedelta(days=QUIET_DAYS)
    touched, _key = fields["last_touch"].asked("gte", since, context)
    no_step, _key = fields["next_step"].asked("empty", None, context)
    every = {
        "late": Q(close_date__lt=found.today),
        "pushed": _has(PUSHES, _pushes(), ids),
        "stalled": _stalled(found.norms),
        "quiet": Q(created_at__lt=since) & ~touched,
        "no_step": no_step,
        "single": ~_has(2, _contacts(found), ids),
        "odd_amount": _odd(found.norms),
    }
    return {name: every[name] for name in found.told}


def _has(least: int, rows: QuerySet[Any, Any], ids: Sequence[UUID] | None) -> Q:
    """Of which deals there are so many rows: one set that is hashed, not a look at each deal."""
    meant = rows if ids is None else rows.filter(deal_id__in=ids)
    counted = meant.order_by().values("deal_id").annotate(n=Count("pk")).filter(n__gte=least)
    return Q(pk__in=counted.values("deal_id"))


def _stalled(usual: Norms) -> Q:
    late = (
        Q(stage_id=stage, stage_since__lte=Now() - timedelta(days=allowed.days + 1))
        for stage, allowed in usual.stays
    )
    return reduce(or_, late, NEVER)


def _odd(usual: Norms) -> Q:
    out = (
        Q(pipeline_id=pipeline)
        & (Q(amount_base__gt=worth.high * TIMES) | Q(amount_base__lt=worth.low / TIMES))
        for pipeline, worth in usual.worths
    )
    return reduce(or_, out, NEVER)


def _pushes() -> QuerySet[DealStanding]:
    """The days at which a deal was found to close later than the time before."""
    before = DealStanding.objects.filter(
        deal_id=OuterRef("deal_id"), until=OuterRef("since"), close_date__lt=OuterRef("close_date")
    )
    return DealStanding.objects.filter(Exists(before))


def _contacts(found: Glance) -> QuerySet[DealPerson]:
    seen = access.reached_rows(registry.get("person"), found.people).order_by()
    return DealPerson.objects.filter(person_id__in=seen.values("pk"))


def _facts(found: Glance) -> Mapping[str, Any]:
    entries = timeline.glimpsed_in(found.seen).filter(record_id=OuterRef("pk"), at__lte=Now())
    touches = entries.exclude(direction="").order_by("-at").values("at")
    stood = DealStanding.objects.filter(deal_id=OuterRef("pk")).order_by("since")
    return {
        "last_contact": Subquery(touches[:1]),
        "contacts": _count(_contacts(found)),
        "pushes": _count(_pushes()),
        "first_close": Subquery(stood.values("close_date")[:1]),
    }


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    of_deal = rows.filter(deal_id=OuterRef("pk")).order_by().values("deal_id")
    counted = of_deal.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _figures(name: str, row: Mapping[str, Any], found: Glance, now: datetime) -> dict[str, Any]:
    """What the sentence about one reason is made of."""
    match name:
        case "late":
            return {"days": (found.today - row["close_date"]).days, "day": row["close_date"]}
        case "pushed":
            moved = row["close_date"] and (row["close_date"] - row["first_close"]).days
            return {"times": row["pushes"], "days": moved or 0}
        case "stalled":
            allowed = dict(found.norms.stays)[row["stage_id"]]
            days = (now - row["stage_since"]).days
            return {"days": days, "usual": allowed.days, "is_learnt": allowed.is_learnt}
        case "quiet":
            last = row["last_contact"]
            return {"days": (now - (last or row["created_at"])).days, "is_new": last is None}
        case "single":
            return {"contacts": row["contacts"]}
        case "odd_amount":
            worth = dict(found.norms.worths)[row["pipeline_id"]]
            return {"amount": row["amount_base"], "low": worth.low, "high": worth.high}
    return {}

"""What changed in a forecast since a day: each deal's step from what it was to what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, Round

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.sales.models import ForecastSnapshot
from rapport.sales.queries.forecast import category_of, check_forecast
from rapport.sales.queries.forecast_lines import NOTHING, Span
from rapport.sales.queries.sales_tree import Kind, Tree

#: What can have happened to a deal, in the order in which it is told; rates are of those that stay.
STEPS = (
    "new", "reopened", "taken", "pulled", "slid", "raised", "grown", "shrunk", "rates", "lowered",
    "slipped", "early", "given", "lost", "deleted", "won",
)  # fmt: skip
#: Deals that are told of one step at most.
SHOWN = 200
MONEY: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=2)
ZERO = Value(NOTHING, output_field=MONEY)


@dataclass(frozen=True, slots=True)
class Part:
    """Whose deals are looked at: everybody's, those of a team and the teams in it, or somebody's;
    without a key, those of nobody."""

    kind: Kind = "all"
    key: UUID | None = None

    def owned(self, tree: Tree, path: str) -> Q:
        """The rows whose owner, at `path`, belongs to it."""
        if self.kind == "person":
            return Q(**{path: self.key}) if self.key else Q(**{f"{path}__isnull": True})
        if self.kind == "team" and self.key:
            return Q(**{f"{path}__in": tree.people_in(self.key)})
        return Q()


@dataclass(frozen=True, slots=True)
class Asked:
    """The open deals of these categories that close in a span, and since when they changed."""

    span: Span
    categories: Sequence[str]
    since: ForecastSnapshot
    part: Part = Part()


@dataclass(frozen=True, slots=True)
class Step:
    """What one sort of change comes to."""

    name: str
    amount: Decimal
    deals: int


@dataclass(frozen=True, slots=True)
class Changes:
    """From the old figure to the new one; all steps between them add up."""

    before: Decimal
    after: Decimal
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Moved:
    """One deal and its step."""

    deal: UUID
    before: Decimal
    after: Decimal
    amount: Decimal


def snapshot_before(day: date) -> ForecastSnapshot | None:
    """The last snapshot until that day; the first of all where none is so old."""
    found = ForecastSnapshot.objects.filter(day__lte=day).order_by("-day").first()
    return found or ForecastSnapshot.objects.order_by("day").first()


def changes_since(principal: Principal, asked: Asked, tree: Tree) -> Changes:
    """The steps of all deals that the principal sees. Raises Denied as a forecast does."""
    check_forecast(principal)
    found = _compared(principal, asked, tree).order_by().values("step").annotate(
        before=Sum("was_worth"), after=Sum("is_worth"), changed=Sum("rest"), deals=Count("pk"),
        by_rates=Sum("by_rate"), rated=Count("pk", filter=~Q(by_rate=0)),
    )  # fmt: skip
    rows = {row["step"]: row for row in found}
    steps = {name: Step(name, row["changed"], row["deals"]) for name, row in rows.items() if name}
    rated = sum(row["rated"] for row in rows.values())
    if rated:
        steps["rates"] = Step("rates", _total(rows, "by_rates"), rated)
    in_order = [steps[name] for name in STEPS if name in steps]
    return Changes(_total(rows, "before"), _total(rows, "after"), in_order)


def deals_behind(
    principal: Principal, asked: Asked, tree: Tree, step: str
) -> tuple[Sequence[Moved], int]:
    """The deals of one step, the largest first, and how many there are. Raises Denied."""
    check_forecast(principal)
    found = _compared(principal, asked, tree)
    column = "by_rate" if step == "rates" else "rest"
    found = found.exclude(by_rate=0) if step == "rates" else found.filter(step=step)
    order = "-" if step in GAINS else ""
    rows = found.order_by(f"{order}{column}", "pk")
    values = rows.values_list("pk", "was_worth", "is_worth", column)
    return [Moved(*row) for row in values[:SHOWN]], found.count()


GAINS = frozenset({"new", "reopened", "taken", "pulled", "slid", "raised", "grown", "rates"})


def _total(rows: Mapping[str, Any], name: str) -> Decimal:
    return sum((row[name] for row in rows.values()), NOTHING)


def _compared(principal: Principal, asked: Asked, tree: Tree) -> QuerySet[Any, Any]:
    """Each deal that was or is in the figure: what it counted, what it counts, and why."""
    day, span = asked.since.day, asked.span
    held = Q(standings__since__lte=day)
    held &= Q(standings__until__gt=day) | Q(standings__until__isnull=True)
    then = (
        Q(was__close_date__gte=span.first, was__close_date__lt=span.end)
        & Q(was__category__in=asked.categories)
        & asked.part.owned(tree, "was__owner_id")
    )
    now = (
        Q(deleted_at__isnull=True, state="open")
        & Q(close_date__gte=span.first, close_date__lt=span.end, category__in=asked.categories)
        & asked.part.owned(tree, "owner_id")
    )
    deals = access.rows(principal, "deal", trashed=None).annotate(
        was=FilteredRelation("standings", condition=held), category=category_of()
    )
    worth = deals.filter(then | now).annotate(
        was_worth=_where(then, "was__amount_base"), is_worth=_where(now, "amount_base")
    )
    rated = worth.annotate(by_rate=_by_rate(then & now))
    rest = F("is_worth") - F("was_worth") - F("by_rate")
    return rated.annotate(
        rest=ExpressionWrapper(rest, output_field=MONEY), step=_step(asked, tree, then, now)
    )


def _where(met: Q, column: str) -> Case:
    return Case(When(met, then=Coalesce(column, ZERO)), default=ZERO, output_field=MONEY)


def _by_rate(stays: Q) -> Case:
    """What another rate made of the amount as it was, where the currency is the same."""
    rate = F("amount_base") / NullIf("amount", ZERO)
    changed = Round(F("was__amount") * rate, 2) - F("was__amount_base")
    same = stays & Q(currency=F("was__currency"))
    return Case(When(same, then=Coalesce(changed, ZERO)), default=ZERO, output_field=MONEY)


def _step(asked: Asked, tree: Tree, then: Q, now: Q) -> Case:
    """The one step of a deal: the first of these that is true of it."""
    ours_then = asked.part.owned(tree, "was__owner_id")
    ours_now = asked.part.owned(tree, "owner_id")
    first, end = asked.span.first, asked.span.end
    whens = [
        (then & now & Q(is_worth__gt=F("was_worth") + F("by_rate")), "grown"),
        (then & now & Q(is_worth__lt=F("was_worth") + F("by_rate")), "shrunk"),
        (then & now, ""),
        (then & Q(deleted_at__isnull=False), "deleted"),
        (then & Q(state="won"), "won"),
        (then & Q(state="lost"), "lost"),
        (then & _unless(ours_now), "given"),
        (then & Q(close_date__lt=first), "early"),
        (then & (Q(close_date__gte=end) | Q(close_date__isnull=True)), "slipped"),
        (then, "lowered"),
        (Q(was__id__isnull=True, created_at__gte=asked.since.taken_at), "new"),
        (Q(was__id__isnull=True), "reopened"),
        (_unless(ours_then), "taken"),
        (Q(was__close_date__lt=first), "slid"),
        (Q(was__close_date__gte=end) | Q(was__close_date__isnull=True), "pulled"),
    ]
    text = TextField()
    return Case(
        *(When(met, then=Value(name, output_field=text)) for met, name in whens if met),
        default=Value("raised", output_field=text), output_field=text,
    )  # fmt: skip


def _unless(ours: Q) -> Q:
    """Where that is not so, an unknown owner included; never, where it is so for all."""
    return Q(pk__isnull=True) if not ours else ~ours

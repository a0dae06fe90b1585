"""What deals will bring by month, for everybody, each team and each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.periods import add_months
from rapport.records import access
from rapport.sales.models.quota import SPANS
from rapport.sales.queries.forecast_lines import NOTHING, Cell, Line, Person, Span, in_teams
from rapport.sales.queries.sales_tree import Tree, sales_tree

#: What is open, from what is surest on.
OPEN = ("commit", "best_case", "pipeline")
WHOLE = Decimal(100)
ASKED = (
    "amount_base", "state", "stage", "close_date", "closed_at", "probability", "owner", "forecast",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forecast:
    """The lines from the widest to the narrowest, and open deals whose closing date is past."""

    span: Span
    lines: Sequence[Line]
    late: int


def forecast(
    principal: Principal, span: Span, zone: ZoneInfo, today: date, tree: Tree | None = None
) -> Forecast:
    """What is won, and what is open and closes in the span, of the deals the principal sees.

    Days are those of `zone`. Who is in several teams counts for the first by name; of a deal that
    colleagues share each has his part. Raises Denied for whoever may not read what a forecast is
    made of.
    """
    check_forecast(principal)
    deals = access.rows(principal, "deal")
    is_split = not access.unread(principal, "deal", "split")
    people = _by_person(_sums(deals, span, zone, is_split=is_split))
    for owner, goal in _goals(principal, span).items():
        people.setdefault(owner, Person()).goal = goal
    late = _open_in(deals, span).filter(close_date__lt=today).count()
    return Forecast(span, in_teams(span.each, people, tree or sales_tree()), late)


def check_forecast(principal: Principal) -> None:
    """Raises Denied for whoever may not read what a forecast is made of."""
    access.check(principal, "view", "deal")
    access.check(principal, "view", "stage")
    if access.unread(principal, "deal", *ASKED) or access.is_kept_from(principal, "stage"):
        raise access.Denied(_("Your role does not let you see all that a forecast is made of."))


def category_of() -> Func:
    """The category of a deal: its own, else that of its stage, else by the chance of its stage."""
    columns = ("forecast", "stage__forecast", "stage__probability")
    return Func(*columns, function="sales_category", output_field=TextField())


def _text(value: str) -> Value:
    return Value(value, output_field=TextField())


def _open_in(deals: QuerySet[Any], span: Span) -> QuerySet[Any]:
    within = deals.filter(state="open", close_date__gte=span.first, close_date__lt=span.end)
    return within.annotate(category=category_of()).exclude(category="omitted")


def _sums(
    deals: QuerySet[Any], span: Span, zone: ZoneInfo, *, is_split: bool
) -> Iterator[tuple[Any, ...]]:
    """(whose, month, category, amount, weighted, deals of one, deals that are shared), won ones by
    the day they closed. Who may not read the shares is told what owners' deals come to."""
    begins, ends = (datetime.combine(day, time(), zone) for day in (span.first, span.end))
    won = deals.filter(state="won", closed_at__gte=begins, closed_at__lt=ends).annotate(
        month=TruncMonth("closed_at", tzinfo=zone), category=_text("won")
    )
    still = _open_in(deals, span).annotate(month=TruncMonth("close_date"))
    for found in (won, still):
        yield from _by_share(found.order_by()) if is_split else _by_owner(found.order_by())


def _by_owner(deals: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    weight = F("amount_base") * F("probability") / WHOLE
    sums = deals.values_list("owner_id", "month", "category").annotate(
        amount=Sum("amount_base"), weighted=Sum(weight), whole=Count("pk")
    )
    return ((*row, ()) for row in sums)


def _by_share(deals: QuerySet[Any]) -> QuerySet[Any]:
    worth = F("amount_base") * Coalesce("splits__share", WHOLE) / WHOLE
    whose = deals.annotate(whose=Coalesce("splits__user_id", "owner_id"))
    return whose.values_list("whose", "month", "category").annotate(
        amount=Sum(worth), weighted=Sum(worth * F("probability") / WHOLE),
        whole=Count("pk", filter=Q(splits=None)),
        shared=ArrayAgg("pk", filter=Q(splits__isnull=False), default=Value([])),
    )  # fmt: skip


def _by_person(sums: Iterator[tuple[Any, ...]]) -> dict[UUID | None, Person]:
    people: dict[UUID | None, Person] = {}
    for owner, month, category, amount, weighted, whole, shared in sums:
        first = month.date() if isinstance(month, datetime) else month
        cell = Cell({category: amount or NOTHING}, weighted or NOTHING, whole, set(shared))
        people.setdefault(owner, Person()).months.setdefault(first, Cell()).add(cell)
    return people


def _goals(principal: Principal, span: Span) -> Mapping[UUID | None, Decimal]:
    """What each is to win in the span; a longer quota gives each of its months an equal part."""
    if not access.may(principal, "view", "quota") or access.is_kept_from(principal, "quota"):
        return {}
    long_before = add_months(span.first, -max(SPANS.values()))
    found = access.rows(principal, "quota").filter(begins__gt=long_before, begins__lt=span.end)
    goals: dict[UUID | None, Decimal] = {}
    rows = found.values_list("owner_id", "begins", "span", "amount_base")
    for owner, begins, length, amount in rows:
        months = {add_months(begins.replace(day=1), n) for n in range(SPANS[length])}
        part = (amount or NOTHING) * len(months & set(span.each)) / SPANS[length]
        if months & set(span.each):
            goals[owner] = goals.get(owner, NOTHING) + part
    return goals

"""Why deals were won and lost, and against whom, by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, TruncQuarter
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.records import access
from rapport.sales.models import DealCompetitor

#: How far back the quarters go.
BACK = timedelta(days=2 * 365)
ENDS = ("won", "lost")
BLANK = Value("", output_field=TextField())
UNTOLD = Value(None, output_field=DecimalField())


@dataclass(frozen=True, slots=True)
class Outcome:
    """Deals of a quarter that ended for one reason, or against one competitor."""

    quarter: date
    state: str
    name: str
    count: int
    amount: Decimal


def outcomes(principal: Principal) -> Sequence[Outcome]:
    """Closed deals by quarter, result and reason (its key), as far as the principal may see them;
    amounts in the workspace's currency, 0 for who reads no amounts."""
    hidden = access.unread(principal, "deal", "amount", "won_reason", "lost_reason")
    own = {name: BLANK if name in hidden else F(name) for name in ("won_reason", "lost_reason")}
    reason = Case(When(state="won", then=own["won_reason"]), default=own["lost_reason"])
    deals = _closed(principal).annotate(quarter=_quarter("closed_at"), reason=reason)
    rows = deals.values("quarter", "state", "reason").annotate(
        n=Count("pk"), total=UNTOLD if "amount" in hidden else Sum("amount_base")
    )
    return _made(rows.values_list("quarter", "state", "reason", "n", "total"))


def rivals(principal: Principal) -> Sequence[Outcome]:
    """The same by competitor: a deal that we won, that he won, or that nobody won of those named.

    A company that the principal does not see has the name it was given in the deal.
    """
    if access.unread(principal, "deal", "competitors"):
        return []
    hidden = access.unread(principal, "deal", "amount")
    company = access.rows(principal, "company").filter(pk=OuterRef("company_id"))
    seen = Subquery(company.values("name")[:1])
    rows = DealCompetitor.objects.filter(deal__in=_closed(principal).values("pk")).order_by()
    named = rows.annotate(
        quarter=_quarter("deal__closed_at"),
        title=Coalesce(NullIf("name", BLANK), seen, BLANK),
        end=Case(
            When(deal__state="won", then=Value("won")),
            When(has_won=True, then=Value("his")),
            default=Value("lost"),
        ),
    )
    summed = named.values("quarter", "end", "title").annotate(
        n=Count("deal", distinct=True),
        total=UNTOLD if "amount" in hidden else Sum("deal__amount_base"),
    )
    return _made(summed.values_list("quarter", "end", "title", "n", "total"))


def _closed(principal: Principal) -> QuerySet[Any, Any]:
    since = timezone.now() - BACK
    found = access.rows(principal, "deal").filter(state__in=ENDS, closed_at__gte=since)
    return found.order_by()


def _quarter(path: str) -> TruncQuarter:
    return TruncQuarter(path, tzinfo=ZoneInfo(workspace().timezone))


def _made(rows: Iterable[Any]) -> Sequence[Outcome]:
    found = [
        Outcome(quarter.date(), state, name, count, total or Decimal(0))
        for quarter, state, name, count, total in rows
    ]
    return sorted(found, key=lambda one: (-one.quarter.toordinal(), one.state, -one.amount))

"""What contracts bring month by month, and why that changed.

Definitions, as commonly published by the vendors of subscription metrics (ChartMogul, Baremetrics,
the SaaS Metrics Standards Board): MRR is what contracts in force bring, brought to a month; ARR is
twelve times that. A customer who had none before is new; one who had none at the beginning of the
month but earlier is reactivated; who brings more or less than at its beginning expanded or
contracted; who brings nothing any more churned. Gross retention is what is left, growth not
counted, of what the customers of the beginning brought; net retention counts their growth too.
Movements are told by customer, so that a contract in the place of another one is no churn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.periods import add_months
from rapport.records import access
from rapport.sales.models import ContractStanding

NEEDED = (
    "state", "start", "end", "mrr", "mrr_base", "arr", "currency", "company", "person", "owner"
)  # fmt: skip
#: Why MRR changed, in the order in which it is told.
MOVES = ("new", "reactivation", "expansion", "contraction", "churned")
MONTHS = 12
LISTED = 200
ZERO = Decimal(0)
AMOUNT = DecimalField(max_digits=18, decimal_places=2)
NOTHING = Value(ZERO, output_field=AMOUNT)


@dataclass(frozen=True, slots=True)
class RecurringAsked:
    """Twelve months up to a last one, and whose contracts."""

    last: date
    today: date
    contracts: Q = field(default_factory=Q)

    @property
    def months(self) -> Sequence[date]:
        """The first day of each."""
        return [add_months(self.last, place - MONTHS + 1) for place in range(MONTHS)]

    @property
    def bounds(self) -> Sequence[date]:
        """The days before which it is asked how contracts stood; the last one is not ahead."""
        ends = [*self.months, add_months(self.last, 1)]
        return [min(day, self.today + timedelta(days=1)) for day in ends]


@dataclass(frozen=True, slots=True)
class RecurringMonth:
    """A month: what contracts brought at its beginning and its end, and what changed between."""

    month: date
    before: Decimal
    after: Decimal
    moves: Mapping[str, Decimal]
    customers: int
    lost: int

    @property
    def churn(self) -> Decimal | None:
        """The part of the beginning that is gone, contractions counted."""
        gone = -self.moves["churned"] - self.moves["contraction"]
        return gone / self.before if self.before else None

    @property
    def lost_share(self) -> Decimal | None:
        """The part of the customers that is gone."""
        return Decimal(self.lost) / self.customers if self.customers else None


@dataclass(frozen=True, slots=True)
class Recurring:
    """Twelve months, and what became of the customers of their beginning."""

    months: Sequence[RecurringMonth]
    gross: Decimal | None
    net: Decimal | None

    @property
    def mrr(self) -> Decimal:
        """At the end."""
        return self.months[-1].after

    @property
    def arr(self) -> Decimal:
        """At the end, for a year."""
        return self.mrr * 12


@dataclass(frozen=True, slots=True)
class InCurrency:
    """What contracts of one currency bring at the end."""

    currency: str
    contracts: int
    own: Decimal
    base: Decimal | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A contract, and what it brought before and after."""

    contract: UUID
    before: Decimal
    after: Decimal


def check_recurring(principal: Principal) -> None:
    """Raises Denied for whoever may not read what it is made of."""
    access.check(principal, "view", "contract")
    if access.unread(principal, "contract", *NEEDED):
        raise access.Denied(_("Your role does not let you see all that this is made of."))


def recurring(principal: Principal, asked: RecurringAsked) -> Recurring:
    """The months, in one statement over the customers."""
    wanted: dict[str, Any] = {}
    for place in range(MONTHS):
        for name, rule in _rules(asked, place).items():
            change = F(f"m{place + 1}") - F(f"m{place}")
            wanted[f"{name}_{place}"] = _sum(change, rule)
        had = Q(**{f"m{place}__gt": 0})
        wanted[f"had_{place}"] = Count("customer", filter=had)
        wanted[f"lost_{place}"] = Count("customer", filter=had & Q(**{f"m{place + 1}": 0}))
    for place in range(MONTHS + 1):
        wanted[f"sum_{place}"] = _sum(F(f"m{place}"), Q())
    first = Q(m0__gt=0)
    wanted["kept"] = _sum(Least("m0", f"m{MONTHS}"), first)
    wanted["grown"] = _sum(F(f"m{MONTHS}"), first)
    found = _customers(principal, asked).aggregate(**wanted)
    months = [
        RecurringMonth(
            month, found[f"sum_{place}"], found[f"sum_{place + 1}"],
            {name: found[f"{name}_{place}"] for name in MOVES},
            found[f"had_{place}"], found[f"lost_{place}"],
        )
        for place, month in enumerate(asked.months)
    ]  # fmt: skip
    began = found["sum_0"]
    return Recurring(
        months, found["kept"] / began if began else None, found["grown"] / began if began else None
    )


def _sum(amount: Any, rule: Q) -> Any:
    return Coalesce(Sum(amount, filter=rule, output_field=AMOUNT), NOTHING)


def _rules(asked: RecurringAsked, place: int) -> Mapping[str, Q]:
    """Which customers moved how in a month."""
    before, after = f"m{place}", f"m{place + 1}"
    had, has = Q(**{f"{before}__gt": 0}), Q(**{f"{after}__gt": 0})
    is_new = Q(began__gte=asked.bounds[place])
    return {
        "new": ~had & has & is_new,
        "reactivation": ~had & has & ~is_new,
        "expansion": had & has & Q(**{f"{after}__gt": F(before)}),
        "contraction": had & has & Q(**{f"{after}__lt": F(before)}),
        "churned": had & ~has,
    }


def _at(bound: date) -> Q:
    return Q(since__lt=bound) & (Q(until=None) | Q(until__gte=bound))


def _standings(principal: Principal, asked: RecurringAsked) -> QuerySet[Any, Any]:
    contracts = access.rows(principal, "contract").filter(asked.contracts).order_by()
    return ContractStanding.objects.filter(contract_id__in=contracts.values("pk")).annotate(
        customer=Coalesce("contract__company_id", "contract__person_id", "contract_id")
    )


def _customers(principal: Principal, asked: RecurringAsked) -> QuerySet[Any, Any]:
    """Each customer with what he brought before each bound, and when he first brought something."""
    levels = {
        f"m{place}": _sum(F("mrr_base"), _at(bound)) for place, bound in enumerate(asked.bounds)
    }
    began = Min("since", filter=Q(mrr_base__gt=0))
    return (
        _standings(principal, asked).order_by().values("customer").annotate(began=began, **levels)
    )


def by_currency(principal: Principal, asked: RecurringAsked) -> Sequence[InCurrency]:
    """What stands at the end, in the currencies in which it is agreed."""
    now = _standings(principal, asked).filter(_at(asked.bounds[-1]), mrr__gt=0).order_by()
    rows = now.values("contract__currency").annotate(
        n=Count("pk"), own=Sum("mrr"), base=Sum("mrr_base")
    )
    return [
        InCurrency(row["contract__currency"], row["n"], row["own"], row["base"])
        for row in rows.order_by("-base", "contract__currency")
    ]


def contracts_behind(
    principal: Principal, asked: RecurringAsked, number: str
) -> tuple[Sequence[Behind], int]:
    """The contracts that a number counts: a move or "all", a dot and the month, such as
    new.2026-03; the largest, and how many there are. Raises ValueError."""
    name, _dot, month = number.partition(".")
    place = list(asked.months).index(date.fromisoformat(f"{month}-01"))
    standings = _standings(principal, asked)
    if name != "all":
        if name not in MOVES:
            raise ValueError(number)
        moved = _customers(principal, asked).filter(_rules(asked, place)[name])
        standings = standings.filter(customer__in=moved.values("customer"))
    levels = standings.order_by().values("contract_id").annotate(
        before=_sum(F("mrr_base"), _at(asked.bounds[place])),
        after=_sum(F("mrr_base"), _at(asked.bounds[place + 1])),
    )  # fmt: skip
    found = levels.filter(after__gt=0) if name == "all" else levels.exclude(before=F("after"))
    rows = found.order_by("-after", "-before", "contract_id")[:LISTED]
    return [Behind(row["contract_id"], row["before"], row["after"]) for row in rows], found.count()

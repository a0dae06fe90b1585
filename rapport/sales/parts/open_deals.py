"""Open deals of a person or a company: how many, and what they are worth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled, decimal_of
from rapport.records.kinds import Computed, Context, Why
from rapport.records.reading import fetch_one
from rapport.sales.models import Deal
from rapport.ui.html import Markup

LISTED = 20
NONE = Markup('<span class="muted">{}</span>')
WORTH = Markup('<span class="num"><b>{}</b> <span class="small muted">{}</span></span>')


@dataclass(slots=True)
class Worth:
    """Deals by currency, and all of them in the workspace's currency."""

    count: int = 0
    by_currency: dict[str, Decimal] = field(default_factory=dict)
    base: Decimal = Decimal(0)

    def add(self, count: int, currency: str, amount: Decimal | None, base: Decimal | None) -> None:
        """Take the sums of one more currency in."""
        self.count += count
        self.base += base or 0
        if amount is not None:
            self.by_currency[currency] = self.by_currency.get(currency, Decimal(0)) + amount


class OpenDeals(Computed):
    """How many deals are open, and their worth.

    `through` is how a deal names the record.
    """

    type = "open_deals"
    operators = ("empty", "filled")
    needs = frozenset({("deal", "amount")})

    def __init__(self, label: Any, through: str, **options: Any) -> None:
        super().__init__(label, self._fetch, why=self._why, **options)
        self.through = through

    def blank(self, value: Worth | None) -> bool:
        return value is None or not value.count

    def _open(self, principal: Principal, ids: Sequence[UUID]) -> QuerySet[Any]:
        open_deals = access.rows(principal, "deal").filter(state="open")
        return open_deals.filter(**{f"{self.through}__in": ids}).order_by()

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Worth]:
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        deal = registry.get("deal")
        return _sums(registry.edition(), access.reach(principal, deal), self.through)

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Worth:
        found = Worth()
        for currency, count, amount, base in rows:
            found.add(count, currency, decimal_of(amount), decimal_of(base))
        return found

    def _why(self, principal: Principal, record_id: UUID) -> Why:
        deals = self._open(principal, [record_id]).order_by(F("amount_base").desc(nulls_last=True))
        lines = [
            (deal.name, _amount(deal, principal.locale or principal.language), f"/deals/{deal.pk}/")
            for deal in deals[:LISTED]
        ]
        rule = _(
            "The sum of all open deals that you may see; with several currencies in the "
            "currency of the workspace, at the rate of the day."
        )
        return Why(rule, lines=tuple(lines))

    def plain(self, value: Worth | None, context: Context) -> str:
        if value is None or not value.count:
            return ""
        return f"{self._sum(value, context)} {self._in(value)}".strip()

    def _sum(self, value: Worth, context: Context) -> str:
        if len(value.by_currency) == 1:
            ((currency, amount),) = value.by_currency.items()
            return format_money(amount, currency or context.currency, context.language)
        if not value.by_currency:
            return ""
        return f"≈ {format_money(Decimal(round(value.base)), context.currency, context.language)}"

    def _in(self, value: Worth) -> str:
        return ngettext("in %(n)d deal", "in %(n)d deals", value.count) % {"n": value.count}

    def show(self, value: Worth | None, context: Context) -> SafeString:
        if value is None or not value.count:
            return NONE(pgettext("deal", "none"))
        return WORTH(self._sum(value, context), self._in(value))

    def json(self, value: Worth | None) -> Any:
        worth = value or Worth()
        sums = {currency: str(amount) for currency, amount in worth.by_currency.items()}
        return {"count": worth.count, "sums": sums, "base": str(worth.base)}

    def export(self, value: Worth | None, context: Context) -> str:
        worth = value or Worth()
        return "; ".join(f"{amount} {currency}" for currency, amount in worth.by_currency.items())

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """Of the deals that the reader may see, as the field shows them."""
        reached = access.reach(context.principal, registry.get("deal"))
        deals = access.reached_rows(registry.get("deal"), reached).filter(state="open")
        found = Exists(deals.filter(**{self.through: OuterRef("pk")}))
        return Q(~found if op == "empty" else found), reached


@lru_cache(maxsize=256)
def _sums(_edition: int, reached: access.Reach, through: str) -> Compiled:
    deals = access.reached_rows(registry.get("deal"), reached).filter(state="open").order_by()
    sums = JSONArray("currency", Count("pk"), Sum("amount"), Sum("amount_base"))
    of_these = deals.filter(AnyOf(F(through), Given("ids")))
    return compiled(
        of_these.values(through, "currency").annotate(sums=sums).values_list(through, "sums")
    )


def _amount(deal: Deal, language: str) -> str:
    return "" if deal.amount is None else format_money(deal.amount, deal.currency, language)

"""What a company owes: open, overdue or disputed, in the workspace's currency."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import DateField, DecimalField, F, Func, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_money
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Compiled, Given, compiled, decimal_of
from rapport.records.kinds import Computed, Context, Why
from rapport.records.kinds.number import Decimals
from rapport.records.reading import fetch_one

LISTED = 20
AMOUNT = DecimalField(max_digits=18, decimal_places=2)
#: The workspace's day is asked of the database each time: what is kept of a query never ages.
TODAY = Func(function="sales_today", output_field=DateField())
DISPUTED = Func(
    F("disputed"), F("currency"), TODAY, function="rapport_in_base", output_field=AMOUNT
)
WHICH: Mapping[str, tuple[Q, Any]] = {
    "open": (Q(open_amount__gt=0), F("open_base")),
    "overdue": (Q(open_amount__gt=0, due__lt=TODAY), F("open_base")),
    "disputed": (Q(disputed__gt=0), DISPUTED),
}


class Owed(Computed):
    """The sum over the invoices of a company that the reader may see."""

    type = "owed"
    operators = ("gt", "gte", "lt", "lte", "empty", "filled")
    numeric = True
    needs = frozenset({("invoice", "open_amount"), ("invoice", "due"), ("invoice", "disputed")})

    def __init__(self, label: Any, which: str, **options: Any) -> None:
        super().__init__(label, self._fetch, why=self._why, **options)
        self.which = which

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        reached = access.reach(principal, registry.get("invoice"))
        return _sums(registry.edition(), reached, self.which)

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Decimal | None:
        return decimal_of(rows[0]) if rows and rows[0] else None

    def _why(self, principal: Principal, record_id: UUID) -> Why:
        found = access.rows(principal, "invoice").filter(WHICH[self.which][0], company=record_id)
        locale = principal.locale or principal.language
        column = "disputed" if self.which == "disputed" else "open_amount"
        lines = [
            (
                one.number or one.name,
                format_money(getattr(one, column), one.currency, locale),
                f"/invoices/{one.pk}/",
            )
            for one in found.order_by("due", "pk")[:LISTED]
        ]
        rule = _(
            "The sum over the invoices that you may see; other currencies at the rate of the day."
        )
        return Why(rule, lines=tuple(lines))

    def plain(self, value: Decimal | None, context: Context) -> str:
        return "" if value is None else format_money(value, context.currency, context.language)

    def json(self, value: Decimal | None) -> Any:
        return None if value is None else str(value)

    def parse_argument(self, raw: Any, context: Context) -> Any:
        number = Decimals(self.label)
        return number.parse(raw, context)

    def asked(self, op: str, argument: Any, context: Context) -> tuple[Q, Hashable]:
        """Of the invoices that the reader may see, as the field shows them."""
        reached = access.reach(context.principal, registry.get("invoice"))
        sums = _summed(reached, self.which).filter(company__isnull=False)
        if op in ("empty", "filled"):
            found = Q(pk__in=sums.values("company_id"))
            return (~found if op == "empty" else found), reached
        if op in ("gt", "gte"):
            return Q(pk__in=sums.filter(**{f"sum__{op}": argument}).values("company_id")), reached
        # Who owes nothing owes less than anything.
        opposite = {"lt": "gte", "lte": "gt"}[op]
        more = sums.filter(**{f"sum__{opposite}": argument}).values("company_id")
        return ~Q(pk__in=more), reached


def _summed(reached: access.Reach, which: str) -> QuerySet[Any]:
    condition, amount = WHICH[which]
    found = access.reached_rows(registry.get("invoice"), reached).filter(condition).order_by()
    return found.values("company_id").annotate(sum=Sum(amount, output_field=AMOUNT))


@lru_cache(maxsize=256)
def _sums(_edition: int, reached: access.Reach, which: str) -> Compiled:
    of_these = _summed(reached, which).filter(AnyOf(F("company_id"), Given("ids")))
    return compiled(of_these.values_list("company_id", "sum"))

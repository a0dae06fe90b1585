"""Which products were offered in deals that ended, by what was won of them and what was lost."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.sales.models import QuoteLine

NEEDED = ("deal", "state", "lines")
#: Where a product counts: of a deal that was won in what the customer accepted, of one that was
#: lost in whatever he was sent last.
COUNTED = Q(quote__deal__state="won", quote__state="accepted") | Q(
    quote__deal__state="lost", quote__state__in=("sent", "accepted", "declined", "expired")
)
#: An option or an alternative that was not chosen was not what the deal was about.
TAKEN = Q(is_optional=False, alternative="") | Q(is_chosen=True)


def may_count_products(principal: Principal) -> bool:
    """Whether somebody reads what win rates by product are made of."""
    if not all(access.may(principal, "view", name) for name in ("quote", "product")):
        return False
    hidden = access.unread(principal, "quote", *NEEDED)
    return not hidden | access.unread(principal, "product", "name")


def product_lines(principal: Principal, deals: QuerySet[Any, Any]) -> QuerySet[QuoteLine]:
    """The lines of seen quotes by which products count in these deals."""
    return QuoteLine.objects.filter(
        COUNTED, TAKEN,
        quote__in=access.rows(principal, "quote").order_by().values("pk"),
        quote__deal__in=deals.order_by().values("pk"),
        product__in=access.rows(principal, "product").order_by().values("pk"),
    ).order_by()  # fmt: skip

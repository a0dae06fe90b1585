"""For which deals a step of a playbook is: for all, or for those of whose quotes its product is.

A quote that somebody does not see asks nothing of him, and tells him of no product.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.sales.models import QuoteLine


def quotes_read(principal: Principal) -> access.Reach | None:
    """The quotes of which a principal reads the lines; None where he reads none."""
    if access.unread(principal, "quote", "deal", "lines"):
        return None
    return access.reach(principal, registry.get("quote"))


def is_quoted(quotes: access.Reach | None, deal: OuterRef, product: OuterRef) -> Q:
    """Whether a product, or a variant of it, stands in a quote of a deal that is read."""
    if quotes is None:
        return Q(pk__in=[])
    seen = access.reached_rows(registry.get("quote"), quotes).order_by().values("pk")
    lines = QuoteLine.objects.filter(quote__in=seen, quote__deal_id=deal).order_by()
    return Q(Exists(lines.filter(Q(product_id=product) | Q(product__parent_id=product))))

"""What lines of products come to in goods: bundles as what they are put together of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import ProductComponent
from rapport.records import access
from rapport.records.store import Rejected


@dataclass(frozen=True, slots=True)
class Line:
    """How much of which product."""

    product: UUID
    quantity: Decimal = Decimal(1)


@dataclass(slots=True)
class Goods:
    """A product as stock sees it: its components, by product, where it is a bundle."""

    kind: str
    parts: dict[UUID, Decimal] = field(default_factory=dict)


def goods_of(principal: Principal, products: Iterable[UUID]) -> Mapping[UUID, Goods]:
    """The products with their components that are goods. Raises Rejected for one unseen."""
    wanted = set(products)
    seen = access.rows(principal, "product").filter(pk__in=wanted).values_list("pk", "kind")
    return goods_by_kind(wanted, dict(seen.order_by()))


def goods_by_kind(wanted: Iterable[UUID], kinds: Mapping[UUID, str]) -> Mapping[UUID, Goods]:
    """The same where the kinds of those in reach are known already."""
    found = {key: Goods(kind) for key, kind in kinds.items()}
    if found.keys() != set(wanted):
        raise Rejected({"product": _("There is no such product for you.")})
    bundles = [key for key, one in found.items() if one.kind == "bundle"]
    if bundles:
        rows = ProductComponent.objects.filter(bundle__in=bundles, product__kind="goods")
        for bundle, product, quantity in rows.values_list("bundle_id", "product_id", "quantity"):
            found[bundle].parts[product] = quantity
    return found


def needs_stock(one: Goods) -> bool:
    """Whether it is goods, or put together of some."""
    return one.kind == "goods" or bool(one.parts)


def taken_apart(goods: Mapping[UUID, Goods], lines: Sequence[Line]) -> list[Line]:
    """Each product once, with all that the lines need of it. Raises Rejected for services."""
    sums: dict[UUID, Decimal] = {}
    for line in lines:
        if line.quantity <= 0:
            raise Rejected({"quantity": _("A quantity is more than nothing.")})
        one = goods[line.product]
        parts = {line.product: Decimal(1)} if one.kind == "goods" else one.parts
        if not parts:
            raise Rejected({"product": _("There is no stock of services.")})
        for product, quantity in parts.items():
            sums[product] = sums.get(product, Decimal(0)) + quantity * line.quantity
    return [Line(product, quantity) for product, quantity in sums.items()]

"""How much is there, promised and on its way, and by when something can be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import Incoming, Product, ReorderRule, Stock, StockMovement
from rapport.catalog.queries.parts import Goods, Line, goods_of
from rapport.records import access

NOTHING = Decimal(0)


@dataclass(slots=True)
class Level:
    """What stands of a product at a warehouse."""

    product: UUID
    warehouse: UUID
    name: str
    on_hand: Decimal = NOTHING
    reserved: Decimal = NOTHING
    coming: list[tuple[date, Decimal]] = field(default_factory=list)

    @property
    def free(self) -> Decimal:
        """What may still be promised."""
        return self.on_hand - self.reserved

    @property
    def incoming(self) -> Decimal:
        """All that is expected."""
        return sum((quantity for _day, quantity in self.coming), NOTHING)


@dataclass(slots=True)
class Promise:
    """How much of a line is free, by which day all of it can be sent, and why."""

    product: UUID
    quantity: Decimal
    free: Decimal | None
    day: date | None
    why: str


def levels_of(
    principal: Principal, products: Iterable[UUID] | None = None, warehouse: UUID | None = None
) -> list[Level]:
    """What stands of products at each warehouse that the reader sees, by warehouse."""
    seen = access.rows(principal, "warehouse")
    seen = seen.filter(pk=warehouse) if warehouse else seen
    names = dict(seen.order_by("name", "pk").values_list("pk", "name"))
    found: dict[tuple[UUID, UUID], Level] = {}

    def level(product: UUID, place: UUID) -> Level:
        return found.setdefault((product, place), Level(product, place, names[place]))

    which = Q(place_id__in=list(names))
    which &= Q() if products is None else Q(product_id__in=list(products))
    for row in Stock.objects.filter(which):
        one = level(row.product_id, row.place_id)
        one.on_hand, one.reserved = row.on_hand, row.reserved
    open_ones = Incoming.objects.filter(which, closed_at=None).order_by("day", "pk")
    for coming in open_ones:
        rest = max(coming.quantity - coming.received, NOTHING)
        level(coming.product_id, coming.place_id).coming.append((coming.day, rest))
    places = list(names)
    return sorted(found.values(), key=lambda one: (places.index(one.warehouse), one.product))


def stocked(principal: Principal) -> QuerySet[Any]:
    """The products of which anything stands, or is expected, at a warehouse; by name."""
    within = Q(
        product_id=OuterRef("pk"), place_id__in=access.rows(principal, "warehouse").values("pk")
    )
    there = Stock.objects.filter(within).exclude(on_hand=0, reserved=0)
    coming = Incoming.objects.filter(within, closed_at=None)
    found = access.rows(principal, "product").filter(Exists(there) | Exists(coming))
    return found.order_by("name", "pk")


def promises_of(
    principal: Principal, lines: Sequence[Line], day: date, warehouse: UUID | None = None
) -> list[Promise]:
    """By when each line can be sent, of one warehouse or of all together, in their order.

    Raises Rejected for a product that is not there.
    """
    goods = goods_of(principal, [line.product for line in lines])
    parts = {key for one in goods.values() for key in one.parts} | set(goods)
    levels: dict[UUID, list[Level]] = {}
    for level in levels_of(principal, parts, warehouse):
        levels.setdefault(level.product, []).append(level)
    days = dict(
        Product.objects.filter(pk__in=parts, supplier_days__isnull=False)
        .values_list("pk", "supplier_days")
    )  # fmt: skip
    return [_promise(line, goods[line.product], levels, days, day) for line in lines]


def _promise(
    line: Line, one: Goods, levels: Mapping[UUID, list[Level]], days: Mapping[UUID, Any], day: date
) -> Promise:
    parts = {line.product: Decimal(1)} if one.kind == "goods" else one.parts
    if not parts:
        return Promise(line.product, line.quantity, None, day, _("Nothing has to be in stock."))
    free = min(
        _free(levels.get(product, ())) // quantity if one.parts else _free(levels.get(product, ()))
        for product, quantity in parts.items()
    )
    found = [
        _ready(levels.get(product, ()), line.quantity * quantity, days.get(product), day)
        for product, quantity in parts.items()
    ]
    late = [(ready, why) for ready, why in found if ready is None]
    ready, why = late[0] if late else max(found, key=lambda pair: pair[0] or day)
    return Promise(line.product, line.quantity, max(free, NOTHING), ready, why)


def _free(levels: Sequence[Level]) -> Decimal:
    return sum((one.free for one in levels), NOTHING)


def _ready(
    levels: Sequence[Level], wanted: Decimal, supplier_days: int | None, day: date
) -> tuple[date | None, str]:
    """The first day on which so much is free, and what makes it so."""
    there = _free(levels)
    if there >= wanted:
        return day, _("It is in stock.")
    for comes, quantity in sorted(one for level in levels for one in level.coming):
        there += quantity
        if there >= wanted:
            return max(comes, day), _("A delivery that is expected brings it.")
    if supplier_days is not None:
        ready = day + timedelta(days=supplier_days)
        return ready, _("The supplier takes %(n)d days.") % {"n": supplier_days}
    return None, _("There is not enough, and nothing is expected.")


def movements_of(
    principal: Principal, product: UUID | None = None, warehouse: UUID | None = None
) -> QuerySet[StockMovement]:
    """The movements at warehouses and of products that the reader sees, newest first."""
    places = access.rows(principal, "warehouse").values("pk")
    seen = Q(source_id__in=places) | Q(target_id__in=places)
    found = StockMovement.objects.filter(
        seen, product_id__in=access.rows(principal, "product").values("pk")
    )
    if product is not None:
        found = found.filter(product_id=product)
    if warehouse is not None:
        found = found.filter(Q(source_id=warehouse) | Q(target_id=warehouse))
    return found.order_by("-id")


@dataclass(frozen=True, slots=True)
class Reorder:
    """A product that a warehouse runs short of, and how much to order."""

    product: Any
    warehouse: Any
    level: Level
    quantity: Decimal


def to_reorder(principal: Principal) -> list[Reorder]:
    """What is at or under its reorder point with all that is expected, by supplier and product."""
    products = access.rows(principal, "product")
    warehouses = access.rows(principal, "warehouse")
    rules = ReorderRule.objects.filter(product__in=products, warehouse__in=warehouses)
    ordered = rules.select_related("product__supplier", "warehouse").order_by(
        F("product__supplier__name").asc(nulls_last=True), "product__name", "warehouse__name"
    )
    known = list(ordered)
    levels = {
        (one.product, one.warehouse): one
        for one in levels_of(principal, {rule.product_id for rule in known})
    }
    found = []
    for rule in known:
        empty = Level(rule.product_id, rule.warehouse_id, rule.warehouse.name)
        level = levels.get((rule.product_id, rule.warehouse_id), empty)
        stands = level.free + level.incoming
        if stands <= rule.point:
            quantity = max(rule.quantity, rule.point - stands)
            found.append(Reorder(rule.product, rule.warehouse, level, quantity))
    return found

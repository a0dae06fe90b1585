"""What was ordered goes to the customer, all of it or a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.catalog.models import Reservation
from rapport.catalog.queries.parts import Goods, goods_of
from rapport.records import access
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Order, OrderDelivery, OrderLine
from rapport.sales.models.order import OPEN

NOTHING = Decimal(0)
type Kept = dict[UUID, dict[UUID, Decimal]]
"""What is kept of each product, by place."""


def deliver_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Send what is left of orders, or of one line of them. Returns the change set.

    Values: `line` (its number), `quantity`, `warehouse`, `day`, `note`. Without a warehouse goods
    leave where they are kept. Raises Denied, Missing, Rejected for what is not there.
    """
    title = ngettext("Sent an order", "Sent %(n)d orders", len(ids)) % {"n": len(ids)}
    if values.get("quantity") and not values.get("line"):
        raise Rejected({"line": _("Say of which line so much is sent.")})
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "order", "edit").filter(pk__in=list(ids)).order_by("pk")
        orders = list(found.select_for_update(of=("self",)))
        if not orders:
            raise Missing(_("This order is gone, or not yours to change."))
        for order in orders:
            _deliver(made, order, values)
    return made.id


def _deliver(made: ChangeInProgress, order: Order, values: Mapping[str, Any]) -> None:
    if order.state not in OPEN:
        raise Rejected({"": _("Only a confirmed order is sent. Confirm it first.")})
    rows = list(_wanted(made.principal, order, values))
    if not rows:
        raise Rejected({"line": _("Nothing is left to send of this.")})
    sent = OrderDelivery.objects.filter(order=order).order_by("pk")
    names = {"warehouse_id": "warehouse"}
    present = [
        {names.get(name, name): value for name, value in row.items()}
        for row in sent.values("id", "line", "quantity", "warehouse_id", "day", "note")
    ]
    made.update("order", order.pk, {"deliveries": present + rows})


def _wanted(
    principal: Principal, order: Order, values: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """A row for each line and warehouse that something is sent of."""
    told = {"id": None, "day": values.get("day"), "note": values.get("note") or ""}
    lines = list(OrderLine.objects.filter(order=order, sort="line").order_by("position"))
    goods = goods_of(principal, {line.product_id for line in lines if line.product_id})
    kept = _kept(order)
    for line in lines:
        number, rest = line.position + 1, line.quantity - line.delivered
        if values.get("line") not in (None, number) or rest <= 0:
            continue
        wanted = values.get("quantity") or rest
        warehouse = values.get("warehouse")
        parts = _parts(goods, line)
        shares = [(warehouse, wanted)] if warehouse else _shares(parts, wanted, kept, order)
        for place, quantity in shares:
            yield {**told, "line": number, "quantity": quantity, "warehouse": place}


def _kept(order: Order) -> Kept:
    rows = Reservation.objects.filter(object="order", record_id=order.pk, end="").order_by("pk")
    found: Kept = {}
    for place, product, quantity in rows.values_list("place_id", "product_id", "quantity"):
        there = found.setdefault(place, {})
        there[product] = there.get(product, NOTHING) + quantity
    return found


def _parts(goods: Mapping[UUID, Goods], line: OrderLine) -> Mapping[UUID, Decimal]:
    """What one of a line's product comes to in goods."""
    one = goods.get(line.product_id) if line.product_id else None
    if one is None or line.product_id is None:
        return {}
    return {line.product_id: Decimal(1)} if one.kind == "goods" else one.parts


def _shares(
    parts: Mapping[UUID, Decimal], wanted: Decimal, kept: Kept, order: Order
) -> list[tuple[UUID | None, Decimal]]:
    """Where a line is sent from: where it is kept, and the rest from where anything else is."""
    if not parts:
        return [(None, wanted)]
    shares: list[tuple[UUID | None, Decimal]] = []
    rest = wanted
    for place, there in kept.items():
        whole = min(there.get(product, NOTHING) / each for product, each in parts.items())
        taken = min(whole if len(parts) == 1 else Decimal(int(whole)), rest)
        if taken > 0:
            shares.append((place, taken))
            there.update({p: there[p] - each * taken for p, each in parts.items()})
            rest -= taken
    return [*shares, (order.warehouse_id or next(iter(kept), None), rest)] if rest else shares

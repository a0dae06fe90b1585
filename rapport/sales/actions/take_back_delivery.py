"""What was sent of an order comes back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import StockMovement
from rapport.records import access
from rapport.records.store import Rejected, change
from rapport.sales.models import Order, OrderDelivery

NAMES = {"warehouse_id": "warehouse"}
COLUMNS = ("id", "line", "quantity", "warehouse_id", "day", "note")


def take_back_delivery(principal: Principal, movement: StockMovement, via: str) -> bool:
    """Take back the delivery that moved these goods, all of it; whether there is one.

    So the order knows of it when they are taken back in the ledger. Raises Rejected where the
    order is not the principal's to change, or was invoiced.
    """
    key = movement.record_id
    moved = OrderDelivery.objects.filter(order=key, movements__contains=[movement.pk])
    if key is None or not moved.exists():
        return False
    if not access.reachable(principal, "order", [key], "edit"):
        sentence = _("This was sent for an order that is not yours to change. Ask its owner.")
        raise Rejected({"": sentence})
    with change(principal, via=via, title=_("Took a delivery back")) as made:
        # Somebody else may send or take back of the same order: his rows are not to be lost.
        Order.objects.select_for_update(no_key=True).get(pk=key)
        others = OrderDelivery.objects.filter(order=key).exclude(movements__contains=[movement.pk])
        kept = [
            {NAMES.get(name, name): value for name, value in row.items()}
            for row in others.order_by("pk").values(*COLUMNS)
        ]
        made.update("order", key, {"deliveries": kept})
    return True

"""Deliveries that are expected, and received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions.stock import check_warehouses, move_stock
from rapport.catalog.models import Incoming, StockMovement
from rapport.catalog.queries.parts import Line, goods_of
from rapport.records.store import Missing, Rejected


def expect_delivery(
    principal: Principal, line: Line, warehouse: UUID, day: date, note: str = ""
) -> UUID:
    """Note that so much of a product comes by a day; its key. Raises Denied, Missing, Rejected."""
    check_warehouses(principal, [warehouse])
    if goods_of(principal, [line.product])[line.product].parts:
        raise Rejected({"product": _("A bundle does not come as such: expect its components.")})
    made = Incoming.objects.create(
        product_id=line.product, place_id=warehouse, quantity=line.quantity, day=day, note=note,
        by=principal.user_id,
    )  # fmt: skip
    return made.pk


def receive_delivery(
    principal: Principal, incoming_id: UUID, quantity: Decimal | None = None
) -> UUID:
    """Take in an expected delivery, or a part of it; the movement's key.

    More than was expected is taken in too. Raises Denied, Missing for one that came already.
    """
    with transaction.atomic():
        found = Incoming.objects.select_for_update().filter(pk=incoming_id, closed_at=None).first()
        if found is None:
            raise Missing(_("This delivery came already."))
        check_warehouses(principal, [found.place_id])
        came = found.quantity - found.received if quantity is None else quantity
        is_all = found.received + came >= found.quantity
        Incoming.objects.filter(pk=found.pk).update(
            received=F("received") + came, closed_at=Now() if is_all else None
        )
        (movement,) = move_stock(
            principal, StockMovement.Why.RECEIVE, [Line(found.product_id, came)], found.place_id,
            note=found.note,
        )  # fmt: skip
    return movement


def cancel_delivery(principal: Principal, incoming_id: UUID) -> None:
    """Expect a delivery no longer. Raises Denied, Missing."""
    found = Incoming.objects.filter(pk=incoming_id, closed_at=None)
    one = found.first()
    if one is None:
        raise Missing(_("This delivery came already."))
    check_warehouses(principal, [one.place_id])
    found.update(closed_at=Now())

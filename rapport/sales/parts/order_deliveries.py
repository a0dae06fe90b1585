"""What was sent of an order, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.catalog.actions.guarding import guarded
from rapport.catalog.actions.stock import check_warehouses, lock_stock
from rapport.catalog.models import WORLD, Place, Reservation
from rapport.catalog.queries import Line
from rapport.catalog.queries.parts import goods_of, needs_stock, taken_apart
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals, Integer
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.records.store import ChangeInProgress, Rejected
from rapport.sales.models import OrderDelivery, OrderLine

CUSTOMERS = WORLD[Place.Kind.CUSTOMER]
FIXED = ("line", "quantity", "warehouse_id")


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity of a product that leaves a warehouse, or comes back to it."""

    product: UUID
    warehouse: UUID
    quantity: Decimal


class Deliveries(Rows):
    """Each names the line by its place; a row that is added is sent, one that goes comes back."""

    type = "deliveries"
    operators = ("empty", "filled")
    is_set = False
    takes_files = False

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.OrderDelivery",
            key="order_id",
            columns={
                "line": Integer(gettext_lazy("Line no."), low=1, high=1000, required=True),
                "quantity": Decimals(gettext_lazy("Quantity"), low="0.0001"),
                "warehouse": Relation(
                    gettext_lazy("Warehouse"), "catalog.Warehouse", to="warehouse"
                ),
                "day": Date(gettext_lazy("Day")),
                "note": Text(gettext_lazy("Note")),
            },
            order=("id",),
            **options,
        )

    def identity(self, row: Row) -> Any:
        """What makes two rows the same."""
        return (row["line"], row["quantity"], row["warehouse"], row["day"])

    def new_rows(self, principal: Principal, record_id: UUID, value: list[Row] | None) -> list[Any]:
        """None: what is not confirmed yet is not sent. Raises Rejected."""
        if value:
            raise Rejected({self.name: _("Confirm the order before you send something of it.")})
        return []

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Row] | None) -> None:
        """Send what is added and take back what is gone. Raises Denied, Missing, Rejected."""
        self._check_seen(change.principal, value or [])
        present = {row.pk: row for row in OrderDelivery.objects.filter(order_id=record_id)}
        added = [row for row in value or [] if row.get("id") not in present]
        kept = {row["id"] for row in value or [] if row.get("id") in present}
        for row in value or []:
            self._check_same(present.get(row["id"]) if row.get("id") else None, row)
        gone = [row for key, row in present.items() if key not in kept]
        made = self._settled(record_id, added)
        parts = _parts(change.principal, record_id, [*made, *gone])
        wanted = [(one.product, one.warehouse, one.quantity) for one in parts]
        with _refusals(self.name), guarded(wanted), transaction.atomic():
            _lock(change.principal, parts)
            if gone:
                OrderDelivery.objects.filter(pk__in=[row.pk for row in gone]).delete()
            OrderDelivery.objects.bulk_create(made)

    def _check_same(self, known: Any, row: Row) -> None:
        """Raises Rejected where a delivery would be rewritten."""
        if known is None:
            return
        columns = self._columns(row, 0)
        if any(columns[name] not in (None, getattr(known, name)) for name in FIXED):
            sentence = _("A delivery stays as it was sent. Take it back and send anew.")
            raise Rejected({self.name: sentence})

    def _settled(self, order: UUID, rows: Sequence[Row]) -> list[OrderDelivery]:
        """New rows with what they leave out: all that is left, from where most is kept."""
        lines = {
            one.position + 1: one for one in OrderLine.objects.filter(order=order, sort="line")
        }
        places = kept_places(order)
        first = next(iter(places.values()), None)
        return [self._delivery(order, row, lines, places, first) for row in rows]

    def _delivery(
        self,
        order: UUID,
        row: Row,
        lines: Mapping[int, OrderLine],
        places: Mapping[UUID | None, UUID],
        first: UUID | None,
    ) -> OrderDelivery:
        line = lines.get(row["line"])
        if line is None:
            sentence = _("The order has no line %(n)s that could be sent.")
            raise Rejected({self.name: sentence % {"n": row["line"]}})
        told = {name: value for name, value in self._columns(row, 0).items() if value is not None}
        rest = {
            "quantity": line.quantity - line.delivered,
            "warehouse_id": places.get(line.product_id, first),
        }
        return OrderDelivery(**{**rest, **told}, order_id=order)


def _lock(principal: Principal, parts: Sequence[Part]) -> None:
    """Lock all that moves at once, in one order for everybody. Raises Denied, Missing."""
    if parts:
        check_warehouses(principal, {one.warehouse for one in parts})
        lock_stock([(one.product, place) for one in parts for place in (one.warehouse, CUSTOMERS)])


def kept_places(order: UUID) -> Mapping[UUID | None, UUID]:
    """Where most of each product is kept for an order."""
    rows = Reservation.objects.filter(object="order", record_id=order, end="")
    sums = rows.values("product_id", "place_id").annotate(kept=Sum("quantity")).order_by("kept")
    return {row["product_id"]: row["place_id"] for row in sums}


def _parts(principal: Principal, order: UUID, rows: Sequence[OrderDelivery]) -> list[Part]:
    """What deliveries move, bundles as their components."""
    products = dict(
        OrderLine.objects.filter(order=order, product__isnull=False).values_list(
            F("position") + 1, "product_id"
        )
    )
    goods = goods_of(principal, {products[row.line] for row in rows if row.line in products})
    return [
        Part(part.product, row.warehouse_id, part.quantity)
        for row in rows
        if row.line in products and row.warehouse_id and row.quantity > 0
        for part in _taken_apart(goods, products[row.line], row.quantity)
    ]


def _taken_apart(goods: Any, product: UUID, quantity: Decimal) -> list[Line]:
    return taken_apart(goods, [Line(product, quantity)] if needs_stock(goods[product]) else [])


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Raises Rejected in place of what the database refuses."""
    sentences = {
        "order_delivery_open": _("Only lines of a confirmed order are sent."),
        "order_delivery_within": _("No more is sent than was ordered and not sent yet."),
        "order_delivery_invoiced": _("What was invoiced is not taken back."),
        "order_delivery_place": _("Say from which warehouse it is sent."),
    }
    try:
        yield
    except IntegrityError as fault:
        cause = fault.__cause__
        broken = (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""
        if broken not in sentences:
            raise
        raise Rejected({name: sentences[broken]}) from fault

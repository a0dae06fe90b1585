"""What is said where the database keeps somebody from promising or sending what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from uuid import UUID

import psycopg
from django.db import IntegrityError
from django.utils.translation import gettext as _

from rapport.catalog.models import Product, Stock
from rapport.records.store import Rejected

type Wanted = tuple[UUID, UUID, Decimal]


@contextmanager
def guarded(wanted: Sequence[Wanted]) -> Iterator[None]:
    """Raises Rejected in place of the refusal of the database to owe anybody.

    `wanted` are (product, place, how much) that something was taken from.
    """
    try:
        yield
    except IntegrityError as fault:
        cause = fault.__cause__
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else ""
        if name != "stock_not_oversold":
            raise
        raise Rejected({"quantity": _free(wanted)}) from fault


def _free(wanted: Sequence[Wanted]) -> str:
    """How much there is of what lacks most."""
    amounts = {(product, place): quantity for product, place, quantity in wanted}
    rows = Stock.objects.filter(
        product_id__in=[one[0] for one in wanted], place_id__in=[one[1] for one in wanted]
    )
    named = [row for row in rows if (row.product_id, row.place_id) in amounts]
    free = min(named, key=lambda row: _lacks(row, amounts), default=None)
    if free is None:
        return _("Nothing of this is there.")
    name = Product.objects.filter(pk=free.product_id).values_list("name", flat=True).first()
    number = max(free.on_hand - free.reserved, 0)
    return _("Of %(name)s %(free)s are free there: %(hand)s on hand, %(reserved)s reserved.") % {
        "name": name, "free": shown(number), "hand": shown(free.on_hand),
        "reserved": shown(free.reserved),
    }  # fmt: skip


def _lacks(row: Stock, amounts: Mapping[tuple[UUID, UUID], Decimal]) -> Decimal:
    return row.on_hand - row.reserved - amounts[row.product_id, row.place_id]


def shown(number: object) -> str:
    """A quantity without the zeros behind it."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"

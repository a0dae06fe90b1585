"""By when each line of a quote or an order can be sent, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import Reservation
from rapport.catalog.queries import Line, Promise, promises_of
from rapport.kit.formats import format_day, format_decimal
from rapport.records import access, registry
from rapport.records.kinds import Computed, Context

#: The states in which it is still asked when something can be sent.
ASKED: Mapping[str, Collection[str]] = {
    "quote": ("draft", "sent"),
    "order": ("draft", "confirmed", "partly_delivered"),
}
type Kept = Mapping[tuple[UUID, UUID], Decimal]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that wants a product, and how much of it is not sent yet."""

    document: UUID
    line: UUID
    product: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Ready:
    """What can be said of a line: all of it on a day, or not at all, and why."""

    line: UUID
    quantity: Decimal
    free: Decimal | None
    day: date | None
    why: str
    is_kept: bool = False

    def words(self, locale: str) -> str:
        """In a few words."""
        today = timezone.localdate()
        if self.is_kept:
            return _("Kept")
        if self.free is None:
            return ""
        if self.day is None:
            return _("%(n)s free") % {"n": format_decimal(self.free, locale)}
        return _("In stock") if self.day <= today else format_day(self.day, locale, today)

    @property
    def tone(self) -> str:
        """How good that is."""
        if self.day is None:
            return "bad"
        return "good" if self.day <= timezone.localdate() else "warn"


def ready_lines(principal: Principal, wanted: Sequence[Wanted], kept: Kept) -> dict[UUID, Ready]:
    """By line, for those products that the principal sees the stock of."""
    if not wanted or not all(
        access.may(principal, "view", one) for one in ("product", "warehouse")
    ):
        return {}
    products = {one.product for one in wanted}
    seen = access.reachable(principal, "product", products, "view")
    told = [one for one in wanted if one.product in seen and one.quantity > 0]
    lines = [Line(one.product, quantity) for one, quantity in _summed(told)]
    promises = promises_of(principal, lines, timezone.localdate())
    return {
        one.line: _ready(one, promise, kept) for one, promise in zip(told, promises, strict=True)
    }


def kept_for(orders: Sequence[UUID]) -> Kept:
    """How much is kept for each of these orders, by product."""
    rows = Reservation.objects.filter(object="order", record_id__in=orders, end="").order_by()
    sums = rows.values_list("record_id", "product_id").annotate(Sum("quantity"))
    return {(order, product): quantity for order, product, quantity in sums}


def _summed(wanted: Sequence[Wanted]) -> list[tuple[Wanted, Decimal]]:
    """Each line with what those before it in its document want of the same product."""
    sums: dict[tuple[UUID, UUID], Decimal] = {}
    found = []
    for one in wanted:
        key = (one.document, one.product)
        sums[key] = sums.get(key, Decimal(0)) + one.quantity
        found.append((one, sums[key]))
    return found


def _ready(one: Wanted, promise: Promise, kept: Kept) -> Ready:
    made = Ready(one.line, one.quantity, promise.free, promise.day, promise.why)
    if kept.get((one.document, one.product), Decimal(0)) < promise.quantity:
        return made
    why = _("It is kept for this order.")
    return replace(made, day=timezone.localdate(), why=why, is_kept=True)


class Availability(Computed):
    """By when the lines can be sent, as long as that is still asked."""

    type = "availability"

    def __init__(self, label: Any, name: str, **options: Any) -> None:
        super().__init__(label, partial(_fetch, name), **options)

    def blank(self, value: Any) -> bool:
        return not value

    def plain(self, value: Sequence[Ready] | None, context: Context) -> str:
        asked = [one for one in value or () if one.free is not None or one.is_kept]
        if not asked:
            return ""
        last = max(asked, key=lambda one: one.day or date.max)
        return last.words(context.language)

    def json(self, value: Sequence[Ready] | None) -> Any:
        return [
            {
                "line": str(one.line), "quantity": str(one.quantity), "why": one.why,
                "free": None if one.free is None else str(one.free),
                "day": one.day.isoformat() if one.day else None, "is_kept": one.is_kept,
            }
            for one in value or ()
        ]  # fmt: skip

    def export(self, value: Sequence[Ready] | None, context: Context) -> str:
        days = [one.day for one in value or ()]
        return "" if not days or None in days else max(day for day in days if day).isoformat()

    def describe(self) -> dict[str, Any]:
        text = {"type": "string"}
        properties = {
            "line": text, "quantity": text, "why": text, "is_kept": {"type": "boolean"},
            "free": {"type": ["string", "null"]},
            "day": {"type": ["string", "null"], "format": "date"},
        }  # fmt: skip
        items = {"type": "object", "properties": properties}
        return {"type": "array", "items": items, "readOnly": True}


def _fetch(name: str, principal: Principal, ids: Sequence[UUID]) -> dict[UUID, list[Ready]]:
    kind: Any = registry.get(name).fields["lines"]
    rows = kind.model._default_manager.filter(
        **{f"{kind.key}__in": ids, f"{name}__state__in": ASKED[name]},
        sort="line", product__isnull=False,
    ).order_by("position", "pk")  # fmt: skip
    wanted = [
        Wanted(getattr(row, f"{name}_id"), row.pk, row.product_id, open_quantity(row))
        for row in rows
    ]
    kept = kept_for(ids) if name == "order" and wanted else {}
    found = ready_lines(principal, wanted, kept)
    told: dict[UUID, list[Ready]] = {}
    for one in wanted:
        if one.line in found:
            told.setdefault(one.document, []).append(found[one.line])
    return told


def open_quantity(row: Any) -> Decimal:
    """What of a line is still to be sent."""
    return Decimal(row.quantity) - Decimal(getattr(row, "delivered", 0))

"""Goods that are kept for a record wherever they are free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions.guarding import guarded, shown
from rapport.catalog.models import Product, Reservation
from rapport.catalog.queries import levels_of, promises_of
from rapport.catalog.queries.parts import Line, goods_of, needs_stock, taken_apart
from rapport.kit.formats import format_day
from rapport.records import access
from rapport.records.store import Rejected

type Free = dict[UUID, list[tuple[UUID, Decimal]]]


def keep_stock(
    principal: Principal,
    lines: Sequence[Line],
    about: tuple[str, UUID],
    warehouse: UUID | None = None,
) -> None:
    """Keep goods for the (object, record) `about`, which the caller lets the principal change.

    Of one warehouse, or of as few as have them; what needs no stock is passed over. All or
    nothing. Raises Rejected, naming what is not free, and from when it is.
    """
    goods = goods_of(principal, [line.product for line in lines])
    parts = taken_apart(goods, [line for line in lines if needs_stock(goods[line.product])])
    if not parts:
        return
    places = _places(principal, warehouse)
    free = _free(principal, parts, places)
    known = Product.objects.in_bulk([part.product for part in parts])
    made = [
        Reservation(
            product_id=part.product, place_id=place, quantity=quantity, object=about[0],
            record_id=about[1], by=principal.user_id,
        )
        for part in sorted(parts, key=lambda part: part.product)
        for place, quantity in _shares(
            principal, part, known[part.product], free.get(part.product, []), places
        )
    ]  # fmt: skip
    wanted = [(one.product_id, one.place_id, one.quantity) for one in made]
    with guarded(wanted), transaction.atomic():
        Reservation.objects.bulk_create(made)


def _places(principal: Principal, warehouse: UUID | None) -> Mapping[UUID, bool]:
    """The warehouses in use that the principal sees, and whether each may owe."""
    seen = access.rows(principal, "warehouse").filter(active=True)
    seen = seen.filter(pk=warehouse) if warehouse else seen
    return dict(seen.order_by("name", "pk").values_list("pk", "backorder"))


def _free(principal: Principal, parts: Iterable[Line], places: Mapping[UUID, bool]) -> Free:
    """What is free of each product, where most is first."""
    found: Free = {}
    for level in levels_of(principal, [part.product for part in parts]):
        if level.warehouse in places and level.free > 0:
            found.setdefault(level.product, []).append((level.warehouse, level.free))
    for one in found.values():
        one.sort(key=lambda pair: -pair[1])
    return found


def _shares(
    principal: Principal,
    part: Line,
    product: Product,
    free: Sequence[tuple[UUID, Decimal]],
    places: Mapping[UUID, bool],
) -> list[tuple[UUID, Decimal]]:
    """How much of a product is kept where. Raises Rejected for more than is free."""
    shares: dict[UUID, Decimal] = {}
    rest = part.quantity
    for place, quantity in free:
        shares[place] = min(quantity, rest)
        rest -= shares[place]
        if not rest:
            return list(shares.items())
    owing = _owing(product, places)
    if owing is None:
        raise Rejected({"lines": _short(principal, part, product.name, part.quantity - rest)})
    shares[owing] = shares.get(owing, Decimal(0)) + rest
    return list(shares.items())


def _owing(product: Product, places: Mapping[UUID, bool]) -> UUID | None:
    """The warehouse that may owe a product, if there is one."""
    if product.backorder:
        return next(iter(places), None)
    return next((place for place, may_owe in places.items() if may_owe), None)


def _short(principal: Principal, part: Line, name: str, free: Decimal) -> str:
    today, locale = timezone.localdate(), principal.locale or principal.language
    (promise,) = promises_of(principal, [part], today)
    said = _("Of %(name)s %(free)s are free and %(wanted)s are wanted.") % {
        "name": name, "free": shown(free), "wanted": shown(part.quantity),
    }  # fmt: skip
    if promise.day is None or promise.day <= today:
        return f"{said} {promise.why}" if promise.day is None else said
    day = format_day(promise.day, locale, today)
    return f"{said} " + _("All of it can be sent from %(day)s: %(why)s") % {
        "day": day, "why": promise.why,
    }  # fmt: skip

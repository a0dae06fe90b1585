"""Goods that come, go and move: each quantity leaves one place and arrives at another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions.guarding import guarded
from rapport.catalog.models import WORLD, Place, StockMovement
from rapport.catalog.queries.parts import Line, goods_of, taken_apart
from rapport.records import access
from rapport.records.store import Missing, Rejected

Why = StockMovement.Why
#: Where each sort of movement comes from and goes to, seen from a warehouse (None).
WAYS: Mapping[str, tuple[Place.Kind | None, Place.Kind | None]] = {
    Why.RECEIVE: (Place.Kind.SUPPLIER, None),
    Why.SHIP: (None, Place.Kind.CUSTOMER),
    Why.RETURN: (Place.Kind.CUSTOMER, None),
    Why.TRANSFER: (None, None),
    Why.LOSE: (None, Place.Kind.LOSS),
    Why.FIND: (Place.Kind.LOSS, None),
    Why.PRODUCE: (Place.Kind.PRODUCTION, None),
    Why.USE: (None, Place.Kind.PRODUCTION),
}
type WayBack = Callable[[Principal, StockMovement, str], bool]
_ways_back: dict[str, WayBack] = {}


def add_way_back(object: str, take_back: WayBack) -> None:
    """Have movements of such records taken back by this, so that the record knows of it.

    It says whether it did; a movement that the record knows nothing of is taken back here.
    """
    _ways_back[object] = take_back


def move_stock(
    principal: Principal,
    why: str,
    lines: Sequence[Line],
    warehouse: UUID,
    *,
    to: UUID | None = None,
    note: str = "",
    about: tuple[str, UUID] | None = None,
) -> list[UUID]:
    """Post a movement for each line, bundles as their components; the movements' keys.

    `to` is the other warehouse of a transfer, `about` the (object, record) that it is done for.
    Raises Denied, Missing, Rejected for what is not there or free.
    """
    if why not in WAYS:
        raise Rejected({"why": _("There is no such movement.")})
    if (why == Why.TRANSFER) is not (to is not None) or to == warehouse:
        raise Rejected({"to": _("Choose the other warehouse for what is moved, and only then.")})
    check_warehouses(principal, [warehouse] if to is None else [warehouse, to])
    parts = taken_apart(goods_of(principal, [line.product for line in lines]), lines)
    comes, goes = WAYS[why]
    source = WORLD[comes] if comes else warehouse
    target = WORLD[goes] if goes else (to or warehouse)
    made = [
        _movement(principal, why, part, source, target, note, about)
        for part in sorted(parts, key=lambda part: part.product)
    ]
    post(made)
    return [one.pk for one in made]


def reverse_movement(
    principal: Principal, movement_id: UUID, note: str = "", *, via: str = "web"
) -> UUID:
    """Take a movement back by another the other way round; its key.

    Raises Denied, Missing, Rejected for one that was taken back already or is gone again.
    """
    found = StockMovement.objects.filter(pk=movement_id).first()
    if found is None:
        raise Missing(_("There is no such movement."))
    worldly = set(WORLD.values())
    check_warehouses(principal, {found.source_id, found.target_id} - worldly)
    if found.why == Why.REVERSE:
        raise Rejected({"": _("This takes back another movement. Post a new one instead.")})
    take_back = _ways_back.get(found.object)
    if take_back is not None and take_back(principal, found, via):
        return StockMovement.objects.get(reverses=found).pk
    back = StockMovement(
        product_id=found.product_id, source_id=found.target_id, target_id=found.source_id,
        quantity=found.quantity, why=Why.REVERSE, note=note, object=found.object,
        record_id=found.record_id, reverses=found, by=principal.user_id,
    )  # fmt: skip
    try:
        post([back])
    except IntegrityError as fault:
        raise Rejected({"": _("This movement was taken back already.")}) from fault
    return back.pk


def count_stock(
    principal: Principal, warehouse: UUID, counted: Mapping[UUID, tuple[Decimal, Decimal]]
) -> int:
    """Post what a count found: by product what was expected when it was counted, and what is
    there. How many differed. Raises Denied, Missing, Rejected.

    What came or went meanwhile is in the ledger already, so that only the difference is posted.
    """
    check_warehouses(principal, [warehouse])
    goods_of(principal, counted)
    loss, made = WORLD[Place.Kind.LOSS], []
    for product, (expected, found) in sorted(counted.items()):
        if found == expected:
            continue
        part = Line(product, abs(found - expected))
        way = (warehouse, loss) if found < expected else (loss, warehouse)
        made.append(_movement(principal, Why.COUNT, part, *way, "", None))
    if made:
        post(made)
    return len(made)


def post(movements: Sequence[StockMovement]) -> None:
    """Write movements in one statement, so that their locks are taken in one order.

    Raises Rejected for what is not free.
    """
    wanted = [(one.product_id, one.source_id, one.quantity) for one in movements]
    with guarded(wanted), transaction.atomic():
        StockMovement.objects.bulk_create(movements)


def lock_stock(pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Lock what stands of (product, place), for a transaction of several statements."""
    products, places = ([one[n] for one in pairs] for n in (0, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_lock_stock(%s::uuid[], %s::uuid[])", [products, places])


def check_warehouses(principal: Principal, keys: Sequence[UUID] | set[UUID]) -> None:
    """Raises Denied and Missing for warehouses whose stock one may not move."""
    access.check(principal, "edit", "warehouse")
    if access.reachable(principal, "warehouse", keys, "edit") != set(keys):
        raise Missing(_("This warehouse is gone, or its stock is not yours to move."))


def _movement(
    principal: Principal,
    why: str,
    part: Line,
    source: UUID,
    target: UUID,
    note: str,
    about: tuple[str, UUID] | None,
) -> StockMovement:
    object, record_id = about or ("", None)
    return StockMovement(
        product_id=part.product, source_id=source, target_id=target, quantity=part.quantity,
        why=why, note=note, object=object, record_id=record_id, by=principal.user_id,
    )  # fmt: skip

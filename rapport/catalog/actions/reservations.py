"""Goods that are promised to a record, such as a quote or an order, and kept for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions.guarding import guarded
from rapport.catalog.actions.stock import check_warehouses, lock_stock
from rapport.catalog.models import WORLD, Place, Reservation, StockMovement
from rapport.catalog.queries.parts import Goods, Line, goods_by_kind, taken_apart
from rapport.catalog.queries.rights import reached_together
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.store import Missing, Rejected

End = Reservation.End
LOCKED = ("product_id", "place_id", "pk")
RESERVE = """
INSERT INTO catalog_reservation (id, product_id, quantity, place_id, object, record_id, until, by)
SELECT r.*, %s, %s, %s, %s, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[]) AS r
"""
CUSTOMERS = WORLD[Place.Kind.CUSTOMER]


def reserve_stock(
    principal: Principal,
    lines: Sequence[Line],
    warehouse: UUID,
    about: tuple[str, UUID],
    *,
    until: date | None = None,
) -> list[UUID]:
    """Keep goods for the (object, record) `about`, which one may change; the reservations' keys.

    All lines or none. Raises Denied, Missing, Rejected for what is not free.
    """
    if until is not None and until < timezone.localdate():
        raise Rejected({"until": _("This day is over.")})
    parts = taken_apart(_goods(principal, lines, warehouse, about), lines)
    wanted = [(part.product, warehouse, part.quantity) for part in parts]
    keys = [uuid7() for _part in parts]
    with guarded(wanted), _whole(), connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            [warehouse, *about, until, principal.user_id, keys, [one[0] for one in wanted],
             [one[2] for one in wanted]],
        )  # fmt: skip
    return keys


def _goods(
    principal: Principal, lines: Sequence[Line], warehouse: UUID, about: tuple[str, UUID]
) -> Mapping[UUID, Goods]:
    """The products, once all that is asked of the reserver is in his reach: one statement."""
    object, record_id = about
    access.check(principal, "edit", object)
    products = {line.product for line in lines}
    asked: dict[tuple[str, str], Sequence[UUID]] = {
        (object, "edit"): [record_id], ("warehouse", "view"): [warehouse],
        ("product", "view"): list(products),
    }  # fmt: skip
    found = reached_together(principal, asked)
    if not found[object, "edit"]:
        raise Missing(_("This record is gone, or not yours to change."))
    if not found["warehouse", "view"]:
        raise Missing(_("This warehouse is gone, or not for you to see."))
    return goods_by_kind(products, found["product", "view"])


@contextmanager
def _whole() -> Iterator[None]:
    """One statement is a transaction of its own; within another one it may fail by itself."""
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


def release_reservations(principal: Principal, about: tuple[str, UUID]) -> int:
    """Let go what is kept for a record; how many reservations ended. Raises Denied, Missing."""
    _check_record(principal, about)
    kept = Reservation.objects.filter(object=about[0], record_id=about[1], end=End.OPEN)
    with transaction.atomic():
        return _end(kept, End.RELEASED, principal)


def release_reservation(principal: Principal, reservation_id: UUID) -> None:
    """Let one reservation go. Raises Denied, Missing for one that has ended."""
    kept = Reservation.objects.filter(pk=reservation_id, end=End.OPEN)
    one = kept.first()
    if one is None:
        raise Missing(_("This reservation has ended."))
    _check_record(principal, (one.object, one.record_id))
    kept.update(end=End.RELEASED, ended_at=Now(), ended_by=principal.user_id)


def ship_reserved(principal: Principal, about: tuple[str, UUID], note: str = "") -> list[UUID]:
    """Send what is kept for a record; the movements' keys.

    Raises Denied, Missing, Rejected where nothing is kept for it.
    """
    _check_record(principal, about)
    with transaction.atomic():
        open_ones = Reservation.objects.filter(object=about[0], record_id=about[1], end=End.OPEN)
        kept = list(open_ones.select_for_update().order_by(*LOCKED))
        if not kept:
            raise Rejected({"": _("Nothing is kept for this record.")})
        check_warehouses(principal, {one.place_id for one in kept})
        lock_stock([(one.product_id, place) for one in kept for place in (one.place_id, CUSTOMERS)])
        open_ones.filter(pk__in=[one.pk for one in kept]).update(
            end=End.SENT, ended_at=Now(), ended_by=principal.user_id
        )
        made = [
            StockMovement(
                product_id=one.product_id, source_id=one.place_id, target_id=CUSTOMERS,
                quantity=one.quantity, why=StockMovement.Why.SHIP, note=note, object=about[0],
                record_id=about[1], by=principal.user_id,
            )
            for one in kept
        ]  # fmt: skip
        StockMovement.objects.bulk_create(made)
    return [one.pk for one in made]


def end_expired_reservations() -> int:
    """Let go what was kept until a day that is over; how many."""
    late = Reservation.objects.filter(end=End.OPEN, until__lt=timezone.localdate())
    with transaction.atomic():
        return _end(late, End.EXPIRED)


def _end(kept: QuerySet[Reservation], end: str, principal: Principal | None = None) -> int:
    """End reservations, which all who do so lock in one order."""
    keys = [one.pk for one in kept.select_for_update().order_by(*LOCKED)]
    by = principal.user_id if principal else None
    ended = Reservation.objects.filter(pk__in=keys, end=End.OPEN)
    return ended.update(end=end, ended_at=Now(), ended_by=by)


def _check_record(principal: Principal, about: tuple[str, UUID]) -> None:
    object, record_id = about
    access.check(principal, "edit", object)
    if not access.reachable(principal, object, [record_id], "edit"):
        raise Missing(_("This record is gone, or not yours to change."))

"""Pages of stock: what is where, the ledger that made it so, the count, and what to order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.catalog.actions import (
    cancel_delivery,
    count_stock,
    receive_delivery,
    release_reservation,
    reverse_movement,
)
from rapport.catalog.models import Incoming, Place, Reservation, StockMovement, Warehouse
from rapport.catalog.queries import Level, levels_of, movements_of, stocked, to_reorder
from rapport.kit.formats import format_decimal
from rapport.records import access
from rapport.records.kinds import Context, Invalid
from rapport.records.kinds.base import Title
from rapport.records.kinds.number import Decimals
from rapport.records.store import Rejected
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect

SHOWN, MOST = 100, 500
COUNTED = Decimals("", low=0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger as the page tells it."""

    row: StockMovement
    product: Title | None
    source: str
    target: str
    record: Title | None
    quantity: str
    is_back: bool


@require_GET
def show_stock(request: Request) -> HttpResponse:
    """What stands of a product or at a warehouse, what is promised and expected, and the ledger."""
    access.check(request.principal, "view", "product")
    access.check(request.principal, "view", "warehouse")
    context = page_context(request)
    product, warehouse = _named(request, "product"), _named(request, "warehouse")
    wanted = [product] if product else None if warehouse else _first(request)
    levels = levels_of(request.principal, wanted, warehouse)[:MOST]
    ledger = movements_of(request.principal, product, warehouse)
    rows = list(ledger.select_related("source", "target", "reversed_by")[:SHOWN])
    return render(
        request,
        "catalog/stock.html",
        {
            "levels": _levels(levels, context),
            "shown": MOST if len(levels) == MOST else 0,
            "kept": _kept(request, context, product, warehouse),
            "coming": _coming(request, context, product, warehouse),
            "entries": list(_entries(request, rows, context)),
            "product": _titles(request, "product", [product]).get(product) if product else None,
            "warehouse": _titles(request, "warehouse", [warehouse]).get(warehouse)
            if warehouse
            else None,
            "warehouse_id": warehouse,
            "may_move": access.may(request.principal, "edit", "warehouse"),
            "here": request.get_full_path(),
        },
    )


def _first(request: Request) -> list[UUID]:
    return list(stocked(request.principal).values_list("pk", flat=True)[:MOST])


def _named(request: Request, name: str) -> UUID | None:
    """A record of the address, which must be there for the reader. Raises Http404."""
    text = request.GET.get(name, "")
    if not text:
        return None
    key = read_key(text)
    if key is None or not access.reachable(request.principal, name, [key], "view"):
        raise Http404
    return key


def _titles(request: Request, name: str, keys: Sequence[UUID]) -> Any:
    references = [(name, key) for key in keys]
    return access.titles(request.principal, references, request.principal.language, trashed=None)


def _levels(levels: Sequence[Level], context: Context) -> list[dict[str, Any]]:
    titles = access.titles(
        context.principal, [("product", one.product) for one in levels], context.language
    )
    lines: list[dict[str, Any]] = [
        {
            "product": titles[one.product], "warehouse": one.name,
            "free": _number(one.free, context),
            "on_hand": _number(one.on_hand, context), "reserved": _number(one.reserved, context),
            "incoming": _number(one.incoming, context),
        }
        for one in levels
        if one.product in titles
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (str(line["product"].text), line["warehouse"]))


def _number(quantity: Decimal, context: Context) -> str:
    return format_decimal(quantity, context.language)


def _open(rows: Any, request: Request, product: UUID | None, warehouse: UUID | None) -> Any:
    """Rows of products at warehouses that the reader sees."""
    who = request.principal
    rows = rows.filter(
        product_id__in=access.rows(who, "product").values("pk"),
        place_id__in=access.rows(who, "warehouse").values("pk"),
    )
    rows = rows.filter(product_id=product) if product else rows
    return rows.filter(place_id=warehouse) if warehouse else rows


def _kept(
    request: Request, context: Context, product: UUID | None, warehouse: UUID | None
) -> list[dict[str, Any]]:
    """Open reservations, each with its record where the reader sees that."""
    rows = _open(Reservation.objects.filter(end=""), request, product, warehouse)
    found = list(rows.order_by("-at")[:SHOWN])
    names = {(one.object, one.record_id) for one in found} | {
        (name, key)
        for one in found
        for name, key in (("product", one.product_id), ("warehouse", one.place_id))
    }
    titles = access.titles(request.principal, names, context.language)
    return [
        {
            "row": one, "product": titles.get(one.product_id), "record": titles.get(one.record_id),
            "warehouse": titles.get(one.place_id), "quantity": _number(one.quantity, context),
        }
        for one in found
    ]  # fmt: skip


def _coming(
    request: Request, context: Context, product: UUID | None, warehouse: UUID | None
) -> list[dict[str, Any]]:
    """Deliveries that are expected."""
    rows = _open(Incoming.objects.filter(closed_at=None), request, product, warehouse)
    found = list(rows.order_by("day", "pk")[:SHOWN])
    names = {
        (name, key)
        for one in found
        for name, key in (("product", one.product_id), ("warehouse", one.place_id))
    }
    titles = access.titles(request.principal, names, context.language)
    return [
        {
            "row": one, "product": titles.get(one.product_id),
            "warehouse": titles.get(one.place_id),
            "quantity": _number(one.quantity - one.received, context),
        }
        for one in found
    ]  # fmt: skip


def _entries(request: Request, rows: Sequence[StockMovement], context: Context) -> Iterator[Entry]:
    places = {one for row in rows for one in (row.source, row.target)}
    named = {("product", row.product_id) for row in rows}
    named |= {("warehouse", one.pk) for one in places if one.kind == Place.Kind.OWN}
    named |= {(row.object, row.record_id) for row in rows if row.object and row.record_id}
    titles = access.titles(request.principal, named, context.language)

    def called(place: Place) -> str:
        if place.kind != Place.Kind.OWN:
            return str(Place.Kind(place.kind).label)
        title = titles.get(place.pk)
        return title.text if title else _("Another warehouse")

    for row in rows:
        record = titles.get(row.record_id) if row.record_id else None
        yield Entry(
            row, titles.get(row.product_id), called(row.source), called(row.target), record,
            _number(row.quantity, context), hasattr(row, "reversed_by"),
        )  # fmt: skip


@require_POST
def reverse(request: Request, movement_id: UUID) -> HttpResponse:
    """Take a movement back."""
    act = partial(reverse_movement, request.principal, movement_id)
    return _done(request, act, _("Taken back"))


@require_POST
def release(request: Request, reservation_id: UUID) -> HttpResponse:
    """Let a reservation go."""
    act = partial(release_reservation, request.principal, reservation_id)
    return _done(request, act, _("Let go"))


@require_POST
def receive(request: Request, incoming_id: UUID) -> HttpResponse:
    """Take in all that is left of an expected delivery."""
    act = partial(receive_delivery, request.principal, incoming_id)
    return _done(request, act, _("Received"))


@require_POST
def cancel(request: Request, incoming_id: UUID) -> HttpResponse:
    """Expect a delivery no longer."""
    act = partial(cancel_delivery, request.principal, incoming_id)
    return _done(request, act, _("Not expected any more"))


def _done(request: Request, act: Callable[[], Any], told: str) -> HttpResponse:
    """Do it and go back to where it was asked for, with what was done or why not."""
    try:
        act()
    except Rejected as refused:
        told = str(refused)
    toast_after_redirect(request, told, "")
    return send_to(request, own_address(request.POST.get("next", ""), "/stock/"))


@require_http_methods(["GET", "POST"])
def count(request: Request, warehouse_id: UUID) -> HttpResponse:
    """The count sheet of a warehouse: what is expected, and what was found."""
    access.check(request.principal, "edit", "warehouse")
    found = access.rows(request.principal, "warehouse", "edit").filter(pk=warehouse_id).first()
    if found is None:
        raise Http404
    context = page_context(request)
    if request.method == "GET":
        return _sheet(request, found, context, {}, {})
    counted, faults = _counted(request, context)
    if faults:
        return _sheet(request, found, context, request.POST.dict(), faults)
    try:
        differed = count_stock(request.principal, found.pk, counted)
    except Rejected as refused:
        return _sheet(request, found, context, request.POST.dict(), {"": str(refused)})
    words = ngettext("%(n)d product differed", "%(n)d products differed", differed)
    toast_after_redirect(request, words % {"n": differed}, "")
    return send_to(request, f"/stock/?warehouse={found.pk}")


def _counted(
    request: Request, context: Context
) -> tuple[dict[UUID, tuple[Decimal, Decimal]], dict[str, str]]:
    """What was typed, by product; a blank was not counted."""
    counted, faults = {}, {}
    for name, text in request.POST.dict().items():
        mark, _dot, product = name.partition(".")
        key = read_key(product)
        if mark != "counted" or key is None or not text.strip():
            continue
        try:
            expected = COUNTED.parse(request.POST.get(f"expected.{product}", ""), context)
            found = COUNTED.parse(text, context)
        except Invalid as refused:
            faults[product] = str(refused)
            continue
        counted[key] = (expected or Decimal(0), found)
    return counted, faults


def _sheet(
    request: Request,
    warehouse: Warehouse,
    context: Context,
    typed: dict[str, str],
    faults: dict[str, str],
) -> HttpResponse:
    levels = levels_of(request.principal, None, warehouse.pk)
    titles = access.titles(
        request.principal, [("product", one.product) for one in levels], context.language
    )
    lines: list[dict[str, Any]] = [
        {
            "key": str(one.product), "title": titles[one.product],
            "expected": typed.get(f"expected.{one.product}", f"{one.on_hand.normalize():f}"),
            "shown": _number(one.on_hand, context),
            "typed": typed.get(f"counted.{one.product}", ""),
            "fault": faults.get(str(one.product), ""),
        }
        for one in levels
        if one.product in titles
    ]  # fmt: skip
    lines.sort(key=lambda line: str(line["title"].text))
    answer = {"warehouse": warehouse, "lines": lines[:MOST], "fault": faults.get("", "")}
    return render(request, "catalog/count.html", answer, status=422 if faults else 200)


@require_GET
def reorder(request: Request) -> HttpResponse:
    """What is at or under its reorder point, by supplier."""
    access.check(request.principal, "view", "product")
    access.check(request.principal, "view", "warehouse")
    context = page_context(request)
    hides = access.unread(request.principal, "product", "supplier", "reorder", "supplier_days")
    found = [] if "reorder" in hides else to_reorder(request.principal)
    suppliers = access.titles(
        request.principal,
        [("company", one.product.supplier_id) for one in found if one.product.supplier_id],
        context.language,
    )
    lines = [
        {
            "product": one.product.name, "url": f"/products/{one.product.pk}/",
            "warehouse": one.warehouse.name,
            "supplier": None if hides else suppliers.get(one.product.supplier_id),
            "free": _number(one.level.free, context),
            "incoming": _number(one.level.incoming, context),
            "quantity": _number(one.quantity, context),
        }
        for one in found
    ]  # fmt: skip
    return render(request, "catalog/reorder.html", {"lines": lines})

"""What may become of an order, whoever changes it: a draft is edited, what was confirmed stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions import keep_stock
from rapport.catalog.queries import Line
from rapport.records.store import Rejected
from rapport.sales.models import Invoice, Order, OrderLine
from rapport.sales.models.order import STATES
from rapport.sales.parts.credit import check_credit

#: What was agreed; nobody changes it once the order was confirmed.
AGREED = frozenset({"name", "company", "person", "currency", "day", "warehouse", "lines"})
COLUMNS = ("name", "company_id", "person_id", "currency", "day", "warehouse_id")
LINE = (
    "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "note",
)  # fmt: skip
#: What people may make of an order; the database brings it on as its goods are sent.
STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"confirmed", "cancelled"}),
    "confirmed": frozenset({"draft", "cancelled"}),
    "cancelled": frozenset({"draft"}),
    "delivered": frozenset({"invoiced"}),
    "invoiced": frozenset({"delivered"}),
}
IS_LINE = Q(line_rows__sort="line")
#: What a trashing writes.
GONE = frozenset({"deleted_at"})


def note_states(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The state of each order that is there already."""
    return dict(Order.objects.filter(pk__in=ids).order_by().values_list("pk", "state"))


def note_agreed(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """What each order that was confirmed says."""
    fixed = Order.objects.filter(pk__in=ids).exclude(state="draft").order_by()
    said: dict[UUID, Any] = {row["pk"]: (row, []) for row in fixed.values("pk", *COLUMNS)}
    lines = OrderLine.objects.filter(order__in=list(said)).order_by("position", "pk")
    for row in lines.values_list("order_id", *LINE):
        said[row[0]][1].append(row)
    return said


def check_agreed(principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, Any]) -> None:
    """Raises Rejected where what was agreed is changed after the order was confirmed."""
    if before and before != note_agreed(list(before)):
        raise Rejected(
            {"state": _("An order that was confirmed stays as it is. Make it a draft again first.")}
        )


def check_steps(principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, str]) -> None:
    """Keep goods for orders that are confirmed.

    Raises Rejected where an order can't come to its state, isn't ready, or wants what is not free.
    """
    now = note_states(ids)
    moved = {key: state for key, state in now.items() if state != before.get(key, "draft")}
    for key, state in moved.items():
        was = before.get(key, "draft")
        if state not in STEPS.get(was, ()):
            raise Rejected({"state": _step(was, state)})
    confirmed = [key for key in moved if moved[key] == "confirmed" and _is_new(before, key)]
    if confirmed:
        _check_ready(confirmed)
        check_credit(principal, confirmed)
        _keep(principal, confirmed)
    _check_unbilled([key for key, state in moved.items() if state in ("draft", "cancelled")])


def _check_unbilled(ids: Sequence[UUID]) -> None:
    """Raises Rejected for orders of which something is on an invoice."""
    if ids and OrderLine.objects.filter(order__in=ids, invoiced__gt=0).exists():
        sentence = _("A part of this order is on an invoice. Delete its draft or cancel it first.")
        raise Rejected({"state": sentence})


def _is_new(before: Mapping[UUID, str], key: UUID) -> bool:
    return before.get(key, "draft") == "draft"


def _step(was: str, state: str) -> str:
    if was == "partly_delivered" and state in ("draft", "cancelled"):
        return _("A part of this order was sent. Take its deliveries back first.")
    sentence = _("An order that is “%(was)s” can't become “%(state)s”.")
    return sentence % {"was": STATES[was], "state": STATES[state]}


def _check_ready(ids: Sequence[UUID]) -> None:
    """Raises Rejected for an order that says too little to be confirmed."""
    rows = Order.objects.filter(pk__in=ids).annotate(
        lines=Count("line_rows", filter=IS_LINE),
        unpriced=Count("line_rows", filter=IS_LINE & Q(line_rows__price__isnull=True)),
    )
    for order in rows.order_by("pk"):
        if order.company_id is None and order.person_id is None:
            raise Rejected({"company": _("Say whose order it is before you confirm it.")})
        if not order.lines:
            raise Rejected({"lines": _("Add a line before you confirm the order.")})
        if order.unpriced:
            raise Rejected({"lines": _("Say what each line costs before you confirm the order.")})


def _keep(principal: Principal, ids: Sequence[UUID]) -> None:
    """Keep what the orders want; several ask one after the other, in one order for everybody."""
    rows = OrderLine.objects.filter(
        order__in=ids, sort="line", product__isnull=False, quantity__gt=0
    ).order_by("order_id", "position", "pk")
    wanted: dict[UUID, list[Line]] = {}
    for order, product, quantity in rows.values_list("order_id", "product_id", "quantity"):
        wanted.setdefault(order, []).append(Line(product, quantity))
    places = dict(Order.objects.filter(pk__in=ids).order_by().values_list("pk", "warehouse_id"))
    for order, lines in wanted.items():
        keep_stock(principal, lines, ("order", order), places[order])


def note_nothing(ids: Sequence[UUID]) -> None:
    """What was billed is looked at after the write."""


def check_billed(principal: Principal, ids: Sequence[UUID], before: None) -> None:
    """Raises Rejected where an order with invoices is thrown away: they say what it was."""
    billed = Invoice.objects.filter(order__in=ids, deleted_at=None)
    gone = billed.exclude(order__deleted_at=None).select_related("order")
    one = gone.order_by("number", "pk").first()
    if one is None or one.order is None:
        return
    words = {"order": one.order.number or one.order.name, "invoice": one.number or one.name}
    if one.number:
        sentence = _(
            "%(order)s is on invoice %(invoice)s and is kept with it. To end it, cancel the "
            "invoice with a credit note, then the order."
        )
    else:
        sentence = _("%(order)s is on the draft invoice “%(invoice)s”. Delete that first.")
    raise Rejected({"": sentence % words})

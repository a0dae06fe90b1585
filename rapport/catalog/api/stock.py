"""Stock for programs: what is free and by when, the ledger, and what is kept for a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.request import Request
from rapport.catalog.actions import (
    move_stock,
    release_reservation,
    reserve_stock,
    reverse_movement,
)
from rapport.catalog.api.prices import read_lines
from rapport.catalog.asking import read_body, read_value
from rapport.catalog.models import StockMovement
from rapport.catalog.queries import Level, Line, Promise, levels_of, movements_of, promises_of
from rapport.records import access
from rapport.records.kinds import Kind
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.records.store import Rejected
from rapport.records.surfaces.api.collection import read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context

_PRODUCT = Relation(gettext_lazy("Product"), "catalog.Product", to="product", required=True)
WAREHOUSE = Relation(gettext_lazy("Warehouse"), "catalog.Warehouse", to="warehouse", required=True)
QUANTITY = Decimals(gettext_lazy("Quantity"), low="0.0001", required=True)
_OTHER = Relation(gettext_lazy("To warehouse"), "catalog.Warehouse", to="warehouse")


class AnyRecord(Relation):
    """A record of the object that another field names."""

    def describe(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "uuid"}


RECORD = AnyRecord(gettext_lazy("Record"), "", to="any")
WAYS = [
    (one.value, one.label) for one in StockMovement.Why if one.value not in ("count", "reverse")
]
MOVED: Mapping[str, Kind] = {
    "why": Choice(gettext_lazy("What happens"), WAYS, required=True),
    "product": _PRODUCT, "quantity": QUANTITY, "warehouse": WAREHOUSE, "to": _OTHER,
    "note": Text(gettext_lazy("Note")), "object": Text(gettext_lazy("Object")), "record": RECORD,
}  # fmt: skip
KEPT: Mapping[str, Kind] = {
    "product": _PRODUCT, "quantity": QUANTITY, "warehouse": WAREHOUSE,
    "object": Text(gettext_lazy("Object"), required=True), "record": RECORD,
    "until": Date(gettext_lazy("Until")),
}  # fmt: skip


def show_stock(request: Request) -> HttpResponse:
    """How much of each `line` is free, by when it can be sent and why, and what is where."""
    _only(request.GET, {"line", "warehouse", "day"})
    access.check(request.principal, "view", "warehouse")
    context = page_context(request)
    lines, warehouse = read_lines(request.GET, context), _key(request.GET, "warehouse")
    day = read_value("day", request.GET.get("day", ""), context) or timezone.localdate()
    found = promises_of(request.principal, lines, day, warehouse)
    levels = levels_of(request.principal, {line.product for line in lines}, warehouse)
    return answer_json({"data": [_promise(one, levels) for one in found]})


def list_movements(request: Request) -> HttpResponse:
    """The ledger, newest first; `product` and `warehouse` narrow it, `after` goes on."""
    _only(request.GET, {"product", "warehouse", "limit", "after"})
    access.check(request.principal, "view", "warehouse")
    access.check(request.principal, "view", "product")
    limit, product = read_limit(request.GET), _key(request.GET, "product")
    found = movements_of(request.principal, product, _key(request.GET, "warehouse"))
    after = _key(request.GET, "after")
    found = found.filter(pk__lt=after) if after else found
    rows = list(found[: limit + 1])
    following = str(rows[limit - 1].pk) if len(rows) > limit else None
    return answer_json({"data": [_movement(row) for row in rows[:limit]], "next": following})


def create_movement(request: Request) -> HttpResponse:
    """Post a movement; a bundle becomes one for each component."""
    values = read_body(request, MOVED, page_context(request))
    about = read_about(request, values)
    made = move_stock(
        request.principal, values["why"], [Line(values["product"], values["quantity"])],
        values["warehouse"], to=values["to"], note=values["note"] or "", about=about,
    )  # fmt: skip
    return answer_json({"movements": [str(key) for key in made]}, 201)


def reverse(request: Request, movement_id: UUID) -> HttpResponse:
    """Take a movement back by another."""
    made = reverse_movement(request.principal, movement_id, via="api")
    return answer_json({"movements": [str(made)]}, 201)


def create_reservation(request: Request) -> HttpResponse:
    """Keep goods for a record."""
    values = read_body(request, KEPT, page_context(request))
    about = read_about(request, values)
    if about is None:
        raise Rejected({"record": _("Choose the one record that it is kept for.")})
    lines = [Line(values["product"], values["quantity"])]
    made = reserve_stock(
        request.principal, lines, values["warehouse"], about, until=values["until"]
    )
    return answer_json({"reservations": [str(key) for key in made]}, 201)


def release(request: Request, reservation_id: UUID) -> HttpResponse:
    """Let a reservation go."""
    release_reservation(request.principal, reservation_id)
    return HttpResponse(status=204)


def read_about(request: Request, values: Mapping[str, Any]) -> tuple[str, UUID] | None:
    """The record a body names, which the asker must see. Raises Rejected."""
    name, key = values["object"] or "", values["record"]
    if not name and key is None:
        return None
    seen = [one.name for one in access.visible_objects(request.principal)]
    if name not in seen:
        raise Rejected({"object": _("There is no such object for you.")})
    if key is None or not access.reachable(request.principal, name, [key], "view"):
        raise Rejected({"record": _("There is no such record for you.")})
    return name, key


def _only(query: QueryDict, known: set[str]) -> None:
    for name in query.keys() - known:
        raise refuse_field(name[:60], _("This address takes no such parameter."))


def _key(query: QueryDict, name: str) -> UUID | None:
    text = query.get(name)
    key = read_key(text) if text else None
    if text is not None and key is None:
        raise refuse_field(name, _("This is the id of a record."))
    return key


def _promise(one: Promise, levels: list[Level]) -> dict[str, Any]:
    return {
        "product": str(one.product), "quantity": str(one.quantity), "why": one.why,
        "free": None if one.free is None else str(one.free),
        "day": one.day.isoformat() if one.day else None,
        "places": [
            {
                "warehouse": str(level.warehouse), "name": level.name,
                "on_hand": str(level.on_hand), "reserved": str(level.reserved),
                "free": str(level.free), "incoming": str(level.incoming),
            }
            for level in levels
            if level.product == one.product
        ],
    }  # fmt: skip


def _movement(row: StockMovement) -> dict[str, Any]:
    return {
        "id": str(row.pk), "product": str(row.product_id), "source": str(row.source_id),
        "target": str(row.target_id), "quantity": str(row.quantity), "why": row.why,
        "note": row.note, "at": row.at.isoformat(),
        "reverses": str(row.reverses_id) if row.reverses_id else None,
    }  # fmt: skip

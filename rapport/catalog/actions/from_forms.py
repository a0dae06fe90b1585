"""The verbs of stock as the forms on a product's page ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.actions.deliveries import expect_delivery
from rapport.catalog.actions.reservations import reserve_stock
from rapport.catalog.actions.stock import move_stock
from rapport.catalog.queries.parts import Line
from rapport.records.store import Rejected


def move_product(principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Move stock of products. Raises Denied, Missing, Rejected."""
    lines = [Line(one, values["quantity"]) for one in ids]
    move_stock(
        principal, values["why"], lines, values["warehouse"], to=values.get("to"),
        note=values.get("note") or "",
    )  # fmt: skip


def reserve_product(principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Keep products for a record. Raises Denied, Missing, Rejected."""
    about = values.get("about") or []
    if len(about) != 1:
        raise Rejected({"about": _("Choose the one record that it is kept for.")})
    lines = [Line(one, values["quantity"]) for one in ids]
    until = values.get("until")
    reserve_stock(principal, lines, values["warehouse"], tuple(about[0]), until=until)


def expect_product(principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
    """Expect a delivery of products. Raises Denied, Missing, Rejected."""
    for one in ids:
        line = Line(one, values["quantity"])
        note = values.get("note") or ""
        expect_delivery(principal, line, values["warehouse"], values["day"], note)

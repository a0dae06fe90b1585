"""What lines of quotes and orders get from their products: name, unit, price and tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.catalog.queries import Line, Priced, price_of
from rapport.records import access
from rapport.records.kinds.filed_rows import Row
from rapport.records.store import Rejected


@dataclass(frozen=True, slots=True)
class Terms:
    """What prices of a document depend on."""

    customer: UUID | None
    currency: str
    day: date


def priced(principal: Principal, document: Any, record_id: UUID, rows: Sequence[Row]) -> list[Row]:
    """The rows with what they leave out. Raises Rejected where a price can't be told."""
    if not any(row["product"] for row in rows):
        return list(rows)
    stored = document._default_manager.filter(pk=record_id)
    company, person, currency, day = stored.values_list(
        "company_id", "person_id", "currency", "day"
    ).get()
    return filled(principal, rows, Terms(company or person, currency, day or timezone.localdate()))


def filled(principal: Principal, rows: Sequence[Row], terms: Terms) -> list[Row]:
    """The same for rows of a document that is not stored yet. Raises Rejected."""
    asked = [row for row in rows if row["product"] and _lacks(row)]
    if not asked:
        return list(rows)
    named = _named(principal, {row["product"] for row in asked})
    prices = dict(zip((id(row) for row in asked), _prices(principal, asked, terms), strict=True))
    return [_filled(row, named, prices.get(id(row))) for row in rows]


def named[Key](principal: Principal, rows: Sequence[tuple[Key, Row]]) -> list[tuple[Key, Row]]:
    """The rows with name and unit of their products, where they don't say these themselves."""
    lacking = {row["product"] for _key, row in rows if row["product"] and not row["name"]}
    known = _named(principal, lacking) if lacking else {}
    return [(key, _filled(row, known, None) if row["product"] else row) for key, row in rows]


def currency_of_house() -> str:
    """The workspace's currency."""
    return Workspace.objects.values_list("currency", flat=True).get()


def _lacks(row: Row) -> bool:
    return not row["name"] or row["price"] is None or row["tax"] is None


def _named(principal: Principal, keys: set[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Name and unit of products, as far as the principal reads them."""
    hidden = access.unread(principal, "product", "name", "unit")
    rows = access.rows(principal, "product").filter(pk__in=keys).values("pk", "name", "unit")
    return {
        row["pk"]: (
            "" if "name" in hidden else row["name"],
            "" if "unit" in hidden else row["unit"],
        )
        for row in rows
    }


def _prices(principal: Principal, rows: Sequence[Row], terms: Terms) -> list[Priced | None]:
    lines = [Line(row["product"], row["quantity"]) for row in rows]
    try:
        return list(
            price_of(
                principal, lines, customer=terms.customer, currency=terms.currency, day=terms.day
            )
        )
    except access.Denied as denied:
        if all(row["price"] is not None for row in rows):
            return [None] * len(rows)
        raise Rejected(
            {"lines": _("Say what each line costs. %(why)s") % {"why": denied}}
        ) from None
    except Rejected as refused:
        raise Rejected({"lines": " ".join(refused.fields.values())}) from None


def _filled(row: Row, named: Mapping[UUID, tuple[str, str]], found: Priced | None) -> Row:
    name, unit = named.get(row["product"], ("", ""))
    made: dict[str, Any] = {"name": row["name"] or name, "unit": row["unit"] or unit}
    if found is not None:
        made["price"] = found.price if row["price"] is None else row["price"]
        made["tax"] = found.tax_percent if row["tax"] is None else row["tax"]
    return row | made

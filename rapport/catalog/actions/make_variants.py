"""The variants of a product, one for each way to choose of its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product as combinations
from math import prod
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import Product, ProductOption
from rapport.records import access
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

MOST = 200
#: What a variant takes over from its product.
SHARED = (
    "kind", "active", "category", "unit", "price", "cost", "currency", "tax_class_id",
    "supplier_id", "supplier_days", "description",
)  # fmt: skip

type Choice = tuple[tuple[str, str], ...]


def make_variants(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Make the variants of products that are not there yet; the change set, to undo.

    Raises Denied, Missing, Rejected for a product without options or with too many ways to choose.
    """
    access.check(principal, "create", "product")
    reached = access.rows(principal, "product", "edit").filter(pk__in=list(ids))
    products = list(reached.prefetch_related("option_rows", "variants__option_rows"))
    if not products:
        raise Missing(_("This product is gone, or not yours to change."))
    with change(principal, via=via, title=_("Make variants")) as made:
        for one in products:
            _make(made, one)
    return made.id


def _make(made: ChangeInProgress, product: Product) -> None:
    present = {
        _chosen(one.option_rows.all()) for one in product.variants.all() if not one.deleted_at
    }
    wanted = [one for one in _choices(product) if frozenset(one) not in present]
    if not wanted:
        raise Rejected({"": _("All variants of it are there already.")})
    editable = access.fields(made.principal, "product").editable
    shared = {name.removesuffix("_id"): getattr(product, name) for name in SHARED}
    shared = {name: value for name, value in shared.items() if name in editable}
    for number, choice in enumerate(wanted, len(present) + 1):
        words = ", ".join(value for _name, value in choice)
        named = {
            "name": f"{product.name}, {words}",
            "sku": f"{product.sku}-{number:02}" if product.sku else "",
            "parent": product.pk,
            "options": [{"name": name, "values": value} for name, value in choice],
        }
        made.create("product", shared | named)


def _choices(product: Product) -> list[Choice]:
    """Every way to choose. Raises Rejected."""
    if product.parent_id:
        raise Rejected({"": _("It is a variant itself.")})
    rows = sorted(product.option_rows.all(), key=lambda one: (one.position, one.pk))
    options = [[(row.name, value) for value in _values(row)] for row in rows]
    if not options:
        raise Rejected({"": _("Say first what one may choose: colour, size.")})
    if prod(map(len, options)) > MOST:
        raise Rejected({"": _("These options make more than %(most)d variants.") % {"most": MOST}})
    return list(combinations(*options))


def _values(row: ProductOption) -> list[str]:
    return list(dict.fromkeys(one.strip() for one in row.values.split(",") if one.strip()))


def _chosen(rows: Any) -> frozenset[tuple[str, str]]:
    return frozenset((row.name, row.values) for row in rows)

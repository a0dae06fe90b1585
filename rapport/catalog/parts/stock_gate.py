"""What has stock, or expects some, is not thrown away: nobody could tell any more whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.catalog.models import (
    Incoming,
    Place,
    Product,
    ProductComponent,
    Stock,
    Warehouse,
)
from rapport.records.declare import Gate
from rapport.records.store import Rejected


def _nothing(_ids: Sequence[UUID]) -> None:
    """There is nothing to remember: what lies somewhere lies there before and after."""


def _check(column: str, model: Any, _asker: Principal, ids: Sequence[UUID], _noted: Any) -> None:
    """Raises Rejected for the first that goods lie at, or are on their way to."""
    own = {f"{column}__in": ids, "place__kind": Place.Kind.OWN}
    there = Stock.objects.filter(**own).exclude(on_hand=0, reserved=0)
    coming = Incoming.objects.filter(**own, closed_at=None)
    found = there.values_list(column).union(coming.values_list(column))
    keys = [key for (key,) in found]
    if not keys:
        return
    names = model.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True)
    words = {"name": names[0]}
    if model is Product:
        text = _(
            "%(name)s has stock, or a delivery of it is expected. Move or count it to nothing and"
            " cancel the delivery first; to sell it no more, take off the tick Active."
        )
    else:
        text = _(
            "Goods lie in %(name)s, or a delivery is expected there. Move them elsewhere and cancel"
            " the delivery first; to use it no more, take off the tick Active."
        )
    raise Rejected({"": text % words})


def _check_parts(_asker: Principal, ids: Sequence[UUID], _noted: Any) -> None:
    """Raises Rejected for a bundle that holds another: its goods would be counted by nobody."""
    within = ProductComponent.objects.filter(Q(bundle__in=ids) | Q(product__in=ids))
    held = within.filter(bundle__kind="bundle", product__kind="bundle")
    named = held.order_by("bundle__name").values_list("bundle__name", "product__name").first()
    if named:
        text = _("%(bundle)s can't hold the bundle %(part)s: add the products of that one instead.")
        raise Rejected({"components": text % {"bundle": named[0], "part": named[1]}})


#: What a trashing writes.
GONE = frozenset({"deleted_at"})
KEEPS_PRODUCT = Gate(GONE, _nothing, partial(_check, "product_id", Product))
HOLDS_NO_BUNDLE = Gate(frozenset({"components", "kind"}), _nothing, _check_parts)
KEEPS_WAREHOUSE = Gate(GONE, _nothing, partial(_check, "place_id", Warehouse))

"""Which tax is due on a day, in a country."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from rapport.catalog.models import TaxRate


def tax_rates(
    classes: Collection[UUID | None], country: str, day: date
) -> Mapping[UUID | None, Decimal]:
    """The percentage of each class that has one: of the country, else of all countries."""
    rows = TaxRate.objects.filter(
        tax_class_id__in=[one for one in classes if one], tax_class__deleted_at=None,
        country__in={"", country}, day__lte=day,
    )  # fmt: skip
    ordered = rows.order_by("country", "day").values_list("tax_class_id", "percent")
    return dict(ordered)

"""What tax is due on a product, from which day on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record


class TaxClass(Record):
    """Products that are taxed alike, such as those at the reduced rate."""

    name = k.text(
        _("Name"), required=True, search=True, icon="percent",
        synonyms=("tax class", "tax", "tax category", "clase de impuesto", "impuesto"),
    )  # fmt: skip
    external_id = k.text(
        _("External ID"), index=True, icon="hash", synonyms=("external id", "id", "tax class id")
    )


class TaxRate(models.Model):
    """The rate of a tax class from a day on, in one country or in all."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tax_class = models.ForeignKey("catalog.TaxClass", models.DB_CASCADE, related_name="rate_rows")
    day = models.DateField()
    country = models.TextField(default="", db_default="")
    percent = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tax_class", "country", "day"], name="tax_rate_once")
        ]

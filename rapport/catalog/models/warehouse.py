"""Where goods lie."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record


class Warehouse(Record):
    """A place of ours where goods lie; whoever may change it may move its stock."""

    name = k.text(
        _("Name"), required=True, search=True, icon="archive",
        synonyms=("warehouse", "warehouse name", "location", "almacén"),
    )  # fmt: skip
    code = k.text(_("Code"), index=True, icon="hash", synonyms=("warehouse code", "short name"))
    active = k.boolean(_("In use"), default=True, icon="check")
    backorder = k.boolean(
        _("May owe"), default=False, icon="clock",
        help=_("More may be reserved and sent than is there."),
    )  # fmt: skip
    address = k.long_text(_("Address"), synonyms=("street", "dirección"))
    external_id = k.text(
        _("External ID"), index=True, icon="hash", synonyms=("external id", "id", "warehouse id")
    )


class Place(models.Model):
    """Where stock can be: a warehouse, which shares its key, or one of four sides of the world.

    The database adds it with its warehouse (`stock.sql`) and keeps it for as long as the ledger.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("Warehouse")
        SUPPLIER = "supplier", _("Suppliers")
        CUSTOMER = "customer", _("Customers")
        LOSS = "loss", _("Losses and finds")
        PRODUCTION = "production", _("Production")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=Kind.choices)


class ReorderRule(models.Model):
    """From which quantity down a product is ordered again for a warehouse, and how much."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey(
        "catalog.Product", models.DB_CASCADE, related_name="reorder_rows", db_index=False
    )
    warehouse = models.ForeignKey(
        "catalog.Warehouse", models.DB_CASCADE, related_name="reorder_rows"
    )
    point = models.DecimalField(max_digits=18, decimal_places=4)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="reorder_rule_once")
        ]

"""The ledger of stock, and what it comes to."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.catalog.models.warehouse import Place
from rapport.kit.ids import uuid7

#: The places that are no warehouses, by their kind; their rows are made by `stock.sql`.
WORLD = {
    Place.Kind.SUPPLIER: UUID("00000000-0000-7000-8000-000000000001"),
    Place.Kind.CUSTOMER: UUID("00000000-0000-7000-8000-000000000002"),
    Place.Kind.LOSS: UUID("00000000-0000-7000-8000-000000000003"),
    Place.Kind.PRODUCTION: UUID("00000000-0000-7000-8000-000000000004"),
}


class StockMovement(models.Model):
    """A quantity of a product that went from one place to another; it is never changed."""

    class Why(models.TextChoices):
        RECEIVE = "receive", _("Received")
        SHIP = "ship", _("Sent")
        RETURN = "return", _("Came back")
        TRANSFER = "transfer", _("Moved")
        LOSE = "lose", _("Lost")
        FIND = "find", _("Found")
        PRODUCE = "produce", _("Made")
        USE = "use", _("Used up")
        COUNT = "count", _("Counted")
        REVERSE = "reverse", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # No relation that an emptying of the trash would cut: it points at the product in the
    # database only, which keeps a product that anything is told of.
    product_id = models.UUIDField()
    source = models.ForeignKey(Place, models.DO_NOTHING, related_name="+", db_index=False)
    target = models.ForeignKey(Place, models.DO_NOTHING, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    why = models.TextField(choices=Why.choices)
    note = models.TextField(default="", db_default="")
    object = models.TextField(default="", db_default="")
    record_id = models.UUIDField(null=True)
    reverses = models.OneToOneField(
        "self", models.DO_NOTHING, null=True, related_name="reversed_by"
    )
    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_of_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="movement_elsewhere"),
        ]
        indexes = [
            models.Index(fields=["product_id", "id"], name="movement_product"),
            models.Index(fields=["source", "id"], name="movement_source"),
            models.Index(fields=["target", "id"], name="movement_target"),
            models.Index(
                fields=["record_id"], condition=Q(record_id__isnull=False), name="movement_record"
            ),
        ]


class Stock(models.Model):
    """How much of a product is at a place and how much of that is promised.

    The database keeps it in the transaction of each movement and reservation; the application
    may only read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product_id = models.UUIDField()
    place = models.ForeignKey(Place, models.DO_NOTHING, related_name="+")
    on_hand = models.DecimalField(max_digits=18, decimal_places=4)
    reserved = models.DecimalField(max_digits=18, decimal_places=4)
    may_owe = models.BooleanField()
    #: Whether nothing may be owed from now on: so where it may not and nothing is.
    is_guarded = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product_id", "place"], name="stock_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved"),
            models.CheckConstraint(
                condition=Q(is_guarded=False) | Q(on_hand__gte=0, reserved__lte=F("on_hand")),
                name="stock_not_oversold",
            ),
        ]


class Reservation(models.Model):
    """A quantity at a warehouse that is promised to a record until it is sent or let go."""

    class End(models.TextChoices):
        OPEN = "", _("Reserved")
        RELEASED = "released", _("Let go")
        SENT = "sent", _("Sent")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product_id = models.UUIDField()
    place = models.ForeignKey(Place, models.DO_NOTHING, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    object = models.TextField()
    record_id = models.UUIDField()
    until = models.DateField(null=True)
    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)
    end = models.TextField(choices=End.choices, default="", db_default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something")
        ]
        indexes = [
            models.Index(
                fields=["product_id", "place"], condition=Q(end=""), name="reservation_open"
            ),
            models.Index(fields=["record_id"], name="reservation_record"),
        ]


class Incoming(models.Model):
    """A delivery of a product that a warehouse expects by a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product_id = models.UUIDField()
    place = models.ForeignKey(Place, models.DO_NOTHING, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    received = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    day = models.DateField()
    note = models.TextField(default="", db_default="")
    at = models.DateTimeField(db_default=Now())
    by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(received__gte=0), name="incoming_of_something"
            )
        ]
        indexes = [
            models.Index(
                fields=["product_id", "place", "day"],
                condition=Q(closed_at__isnull=True),
                name="incoming_open",
            )
        ]

"""A meeting that somebody booked on a page, and what he was told of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7


class Booking(models.Model):
    """Who booked a meeting by which page, and as what the meeting was last told him.

    Only a digest of the secret in his links opens them; sealed it is kept for further letters.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey("activities.BookingPage", models.DB_CASCADE, related_name="bookings")
    meeting = models.OneToOneField("activities.Meeting", models.DB_CASCADE, related_name="booking")
    person = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254, db_index=True)
    language = models.CharField(max_length=10)
    timezone = models.CharField(max_length=64)
    consent = models.CharField(max_length=500, default="", db_default="")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()
    #: What visitor and hosts were last told: nothing yet, that it is on, that it is not.
    told = models.CharField(max_length=10, default="", db_default="")
    told_start = models.DateTimeField(null=True)
    told_end = models.DateTimeField(null=True)
    sequence = models.IntegerField(default=0, db_default=0)
    #: How often the letter about the present state could not be sent.
    tries = models.SmallIntegerField(default=0, db_default=0)
    #: The start of which he was reminded.
    reminded_of = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["told_start"], name="booking_told_start")]


class BookedHost(models.Model):
    """A colleague whose time a booking takes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    booking = models.ForeignKey(
        Booking, models.DB_CASCADE, related_name="host_rows", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "user"], name="booked_host_once")]

"""What a customer does with a quote: the link to it, what was said about it, what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rapport.kit.ids import uuid7

#: What pages about a decision need not read.
BYTES = ("document", "signed", "signature")


class QuoteLink(models.Model):
    """An address by which a customer reads one quote; only a digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quote = models.ForeignKey("sales.Quote", models.DB_CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    opened = models.IntegerField(default=0, db_default=0)

    #: Known only while somebody comes with it, and stored nowhere.
    secret = ""


class QuoteComment(models.Model):
    """A word about a quote on its public page, of the customer or of a colleague."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quote = models.ForeignKey("sales.Quote", models.DB_CASCADE, related_name="comments")
    at = models.DateTimeField(db_default=Now())
    name = models.CharField(max_length=120)
    text = models.CharField(max_length=2000)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )


class QuoteDecision(models.Model):
    """How a customer answered a quote on its public page, with all that proves it.

    The database lets nobody change it (`quote_decision.sql`).
    """

    quote = models.OneToOneField(
        "sales.Quote", models.DB_CASCADE, primary_key=True, related_name="decision"
    )
    link = models.ForeignKey("sales.QuoteLink", models.DB_CASCADE, related_name="+")
    is_accepted = models.BooleanField()
    at = models.DateTimeField()
    name = models.CharField(max_length=120)
    reason = models.CharField(max_length=500, default="", db_default="")
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, default="", db_default="")
    chosen = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    sha256 = models.CharField(max_length=64, default="", db_default="")
    document = models.BinaryField(default=b"")
    signed = models.BinaryField(default=b"")
    #: What was drawn beside the name, as a PNG; nothing where it was typed alone.
    signature = models.BinaryField(default=b"", db_default=b"")

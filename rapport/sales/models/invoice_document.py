"""How an invoice looked as it was issued."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now


class InvoiceDocument(models.Model):
    """What the document of an invoice says since it was issued, and its PDF once it is set.

    What it says is kept as it is issued, the letterhead of that day with it. The PDF, which takes
    its time, is set of that a moment later. The database lets nobody change either
    (`invoice_document.sql`).
    """

    invoice = models.OneToOneField(
        "sales.Invoice", models.DB_CASCADE, primary_key=True, related_name="document"
    )
    at = models.DateTimeField(db_default=Now())
    contents: Any = models.JSONField()
    logo = models.BinaryField(default=b"")
    pdf = models.BinaryField(default=b"", db_default=b"")
    sha256 = models.CharField(max_length=64, default="", db_default="")

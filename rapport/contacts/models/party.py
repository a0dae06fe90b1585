"""What people and companies have in common: a key that others may point at."""

from __future__ import annotations

from django.db import models


class Party(models.Model):
    """A person or a company, under the same key; the database adds it with its record."""

    id = models.UUIDField(primary_key=True, editable=False)
    object = models.TextField()

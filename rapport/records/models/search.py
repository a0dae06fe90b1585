"""What search finds records by: their words, the lexicon of all words, and who looked at what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Now


class SearchDocument(models.Model):
    """The words of one record, under its key; the worker keeps it from the change log.

    A word of its name is `object=word`, one of its other text `object-word`, so that the index
    leads from a word to records of one object, and to names before texts.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    object = models.TextField()
    words = SearchVectorField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["words"], name="search_words", fastupdate=False),
        ]


class SearchShape(models.Model):
    """What the documents of an object were made by; where it changes they are all made anew."""

    object = models.TextField(primary_key=True)
    digest = models.TextField()
    #: While they are being made: the last record that has its document.
    done_to = models.UUIDField(null=True)
    is_ready = models.BooleanField(default=False)


class SearchWord(models.Model):
    """A word that some record has: what a mistyped one may have meant."""

    word = models.TextField(primary_key=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(OpClass(F("word"), "gin_trgm_ops"), name="search_word_parts"),
            GinIndex(Func(F("word"), function="rapport_shortened"), name="search_word_shortened"),
        ]


class FileText(models.Model):
    """The text of a file, as far as it could be read."""

    attachment_id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(db_index=True)
    text = models.TextField()


class Visit(models.Model):
    """When somebody looked at a record last."""

    pk = models.CompositePrimaryKey("user_id", "record_id")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    record_id = models.UUIDField()
    object = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-at"], name="visit_latest"),
        ]

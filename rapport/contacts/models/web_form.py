"""Forms that strangers fill in on web pages, and what they sent."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class WebForm(models.Model):
    """A form on a web page; what is sent by it becomes a lead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    is_on = models.BooleanField(default=True)
    #: In their order: {field: "person.emails", required, label: {language: text}, key}.
    fields = models.JSONField(default=list)
    #: Title, introduction, button, thanks and consent, by language.
    texts = models.JSONField(default=dict)
    needs_consent = models.BooleanField(default=False)
    #: Web sites that may frame the page and be led to, such as https://www.example.com.
    sites = models.JSONField(default=list)
    redirect_to = models.CharField(max_length=500, blank=True, default="")
    #: Whether pages of others may send straight to us, without the stamp of our page.
    takes_posts = models.BooleanField(default=False)
    channel = models.CharField(max_length=20, default="form")
    source = models.CharField(max_length=100, blank=True, default="")
    campaign = models.CharField(max_length=100, blank=True, default="")
    keep_days = models.PositiveIntegerField(default=90)
    secret_sealed = models.TextField(default="", blank=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """What was sent by a web form, whatever came of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Not taken yet")
        TAKEN = "taken", _("Became a lead")
        REPEATED = "repeated", _("Sent before")
        REFUSED = "refused", _("Refused")
        SPAM = "spam", _("Held to be spam")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.ForeignKey(WebForm, models.DB_CASCADE, related_name="submissions")
    at = models.DateTimeField(db_default=Now(), db_index=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.TextField(default="", blank=True)
    #: What was typed, by field, and where the click came from.
    answers = models.JSONField(default=dict)
    click = models.JSONField(default=dict)
    #: The words agreed to, as they stood there; nothing if it was not ticked.
    consent = models.TextField(default="", blank=True)
    digest = models.CharField(max_length=64)
    #: What a program calls it, so that it is taken once.
    key = models.CharField(max_length=200, default="", blank=True)
    lead = models.ForeignKey("contacts.Lead", models.DB_CASCADE, null=True, related_name="sent_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "key"], condition=~models.Q(key=""), name="submission_once_by_key"
            )
        ]
        indexes = [models.Index(fields=["form", "digest"], name="submission_by_digest")]

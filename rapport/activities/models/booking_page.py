"""A page on which strangers book a meeting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record

LENGTHS = {
    "15": _("15 minutes"), "20": _("20 minutes"), "30": _("30 minutes"), "45": _("45 minutes"),
    "60": _("1 hour"), "90": _("1½ hours"), "120": _("2 hours"),
}  # fmt: skip
STEPS = {"10": _("10 minutes"), **{key: LENGTHS[key] for key in ("15", "20", "30", "60")}}
MODES = {
    "one": _("The first host"),
    "turns": _("Whoever is free and had fewest"),
    "all": _("All hosts together"),
}
WAYS = {"online": _("Online"), "phone": _("By phone, we call"), "place": _("At a place")}
REMINDERS = {
    "h1": _("1 hour before"), "h2": _("2 hours before"), "d1": _("1 day before"),
    "d2": _("2 days before"),
}  # fmt: skip
REMINDER_MINUTES = {"h1": 60, "h2": 120, "d1": 1440, "d2": 2880}


class BookingPage(Record):
    """A public page on which somebody books a meeting with one or several colleagues."""

    name = k.text(
        _("Name"), required=True, search=True, icon="cal",
        synonyms=("title", "event type", "meeting link", "nombre", "título"),
    )  # fmt: skip
    slug = k.text(
        _("Address"), required=True, index=True, unique=True, icon="link",
        help=_("What stands behind /book/, such as first-call."),
        synonyms=("slug", "url", "link", "dirección", "enlace"),
    )  # fmt: skip
    is_active = k.boolean(
        _("Open to visitors"), default=True, synonyms=("active", "published", "activo")
    )
    purpose = k.long_text(
        _("What for"), help=_("Visitors read it above the free times."),
        synonyms=("description", "descripción"),
    )  # fmt: skip
    lengths = k.choices(
        _("Lengths offered"), LENGTHS, default=["30"], required=True, icon="clock",
        synonyms=("duration", "durations", "duración"),
    )  # fmt: skip
    way = k.choice(
        _("How"), WAYS, default="online", required=True,
        synonyms=("location type", "tipo de lugar"),
    )  # fmt: skip
    place = k.text(
        _("Address or link"), icon="pin",
        help=_("Where you meet, or the address of the video call; told once it is booked."),
        synonyms=("location", "place", "lugar"),
    )  # fmt: skip
    mode = k.choice(
        _("Who meets"), MODES, default="one", required=True, synonyms=("round robin", "reparto")
    )
    step = k.choice(
        _("Start times every"), STEPS, default="30", required=True, synonyms=("interval", "paso")
    )
    buffer_before = k.integer(
        _("Minutes free before"), default=0, low=0, high=480, synonyms=("before",)
    )
    buffer_after = k.integer(
        _("Minutes free after"), default=0, low=0, high=480, synonyms=("after",)
    )
    notice = k.integer(
        _("Hours of notice"), default=4, low=0, high=720, synonyms=("minimum notice", "antelación")
    )
    days_ahead = k.integer(
        _("Days ahead"), default=60, low=1, high=365, synonyms=("rolling window", "días")
    )
    most_a_day = k.integer(
        _("At most a day"), low=1, high=50, icon="hash",
        help=_("Of each host by this page; no limit if you leave this empty."),
        synonyms=("daily limit", "máximo al día"),
    )  # fmt: skip
    remind = k.choice(
        _("Remind visitors"), REMINDERS, icon="bell",
        help=_("By email. Hosts are reminded as they usually want it."),
        synonyms=("reminder", "recordatorio"),
    )  # fmt: skip
    consent = k.text(
        _("Consent"), help=_("What visitors have to agree to; nothing if you leave this empty."),
        synonyms=("privacy", "consentimiento"),
    )  # fmt: skip
    makes_lead = k.boolean(_("Make a lead of whoever books"), synonyms=("create lead",))
    source = k.text(
        _("Source"), help=_("Of the people and leads that the page makes."),
        synonyms=("lead source", "origen", "fuente"),
    )  # fmt: skip
    external_id = k.text(_("External ID"), index=True, icon="hash", synonyms=("id",))

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(deleted_at__isnull=True),
                name="booking_page_slug_once",
                violation_error_code="slug",
                violation_error_message=_("Another booking page has this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[^./?#%][^/?#%]{0,59}$"),
                name="booking_page_slug_form",
                violation_error_code="slug",
                violation_error_message=_(
                    "An address has up to 60 letters, digits, spaces and hyphens, such as "
                    "first-call; it can't hold / ? # % or begin with a dot."
                ),
            ),
        ]


class BookingHost(models.Model):
    """A colleague with whom a page books meetings."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey(
        BookingPage, models.DB_CASCADE, related_name="host_rows", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    position = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="booking_host_once")]


class BookingHours(models.Model):
    """The hours of a weekday in which a page books meetings, by the clock of each host."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey(
        BookingPage, models.DB_CASCADE, related_name="hour_rows", db_index=True
    )
    day = models.TextField(default="", db_default="")
    hours = models.TextField(default="", db_default="")
    position = models.SmallIntegerField(default=0, db_default=0)


class BookingQuestion(models.Model):
    """Something that a page asks whoever books."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.ForeignKey(
        BookingPage, models.DB_CASCADE, related_name="question_rows", db_index=True
    )
    text = models.TextField(default="", db_default="")
    is_required = models.BooleanField(default=False, db_default=False)
    position = models.SmallIntegerField(default=0, db_default=0)

"""People who are to be called one after the other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models import Record

#: What became of somebody on a list.
STATES = {
    "open": _("To call"),
    "done": _("Done"),
    "given_up": _("Tried often enough"),
    "no_number": _("No number that works"),
    "dropped": _("Taken off the list"),
}


class CallList(Record):
    """People who are to be called one after the other, by one colleague or by several."""

    name = k.text(
        _("Name"), required=True, search=True, icon="phone",
        synonyms=("call list", "list", "campaign", "nombre", "lista de llamadas"),
    )  # fmt: skip
    purpose = k.long_text(
        _("Why we call"), help=_("Stands beside each person while calling."),
        synonyms=("reason", "script", "motivo"),
    )  # fmt: skip
    most_tries = k.integer(
        _("Tries at most"), default=3, low=1, high=20, icon="hash",
        synonyms=("attempts", "max attempts", "intentos"),
    )  # fmt: skip
    again_after = k.integer(
        _("Hours until the next try"), default=3, low=1, high=336, icon="clock",
        synonyms=("retry after", "horas"),
    )  # fmt: skip
    external_id = k.text(_("External ID"), index=True, icon="hash", synonyms=("id", "call list id"))


class CallEntry(models.Model):
    """Somebody on a call list: how often it was tried and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call_list = models.ForeignKey(
        CallList, models.DB_CASCADE, related_name="entries", db_index=False
    )
    person = models.ForeignKey("contacts.Person", models.DB_CASCADE, related_name="+")
    lead = models.ForeignKey("contacts.Lead", models.DB_SET_NULL, null=True, related_name="+")
    position = models.IntegerField(default=0, db_default=0)
    state = models.TextField(default="open", db_default="open")
    tries = models.SmallIntegerField(default=0, db_default=0)
    #: The last outcome, who noted it, and the change set in which.
    outcome = models.TextField(default="", db_default="")
    noted_at = models.DateTimeField(null=True)
    noted_by = models.UUIDField(null=True)
    change_set = models.UUIDField(null=True)
    #: Not to be called again before.
    back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call_list", "person"], name="call_entry_once")
        ]


class CallClaim(models.Model):
    """Who is calling somebody of a list now, until when nobody else is offered that person."""

    entry = models.OneToOneField(
        CallEntry, models.DB_CASCADE, primary_key=True, related_name="claim"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    until = models.DateTimeField()
    made_at = models.DateTimeField(db_default=Now())

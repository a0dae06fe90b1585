"""A telephone call."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.activities.recurrence.kind import Repeats
from rapport.records import kinds as k
from rapport.records.models import PrivateRecord

DIRECTIONS = {"out": _("We called"), "in": _("They called")}
OUTCOMES = {
    "reached": _("Reached"),
    "left_message": _("Left a message"),
    "no_answer": _("No answer"),
    "busy": _("Busy"),
    "wrong_number": _("Wrong number"),
}
OUTCOME_TONES = {"reached": "good", "no_answer": "plain", "busy": "plain", "wrong_number": "bad"}


class Call(PrivateRecord):
    """A call with the people it is linked to, from them or from us."""

    subject = k.text(
        _("Subject"),
        search=True,
        icon="phone",
        synonyms=("call subject", "title", "name", "asunto"),
    )
    direction = k.choice(
        _("Direction"), DIRECTIONS, default="out", required=True,
        synonyms=("call type", "call direction", "dirección"),
    )  # fmt: skip
    at = k.datetime(
        _("When"), default=timezone.now, index=True, icon="clock",
        synonyms=("date", "call date", "time", "start", "fecha", "activity date"),
    )  # fmt: skip
    duration = k.duration(_("Duration"), synonyms=("call duration", "length", "duración"))
    outcome = k.choice(
        _("Outcome"), OUTCOMES, tones=OUTCOME_TONES, index=True,
        synonyms=("call result", "call outcome", "disposition", "resultado"),
    )  # fmt: skip
    repeats = k.column(Repeats)(
        _("Repeats"), icon="history", default="",
        help=_("By the clock of its owner: once it has an outcome, the next one is made."),
        synonyms=("recurrence", "rrule", "recurrence rule", "repeat", "se repite", "repetición"),
    )  # fmt: skip
    notes = k.long_text(
        _("Notes"), synonyms=("call notes", "body", "description", "comments", "notas")
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "call id", "activity id"),
    )  # fmt: skip

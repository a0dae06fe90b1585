"""Somebody's interest, until it is a deal or is set aside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.contacts.parts.due import due_answer
from rapport.contacts.parts.routing import routed
from rapport.records import kinds as k
from rapport.records.models import Record

STATUSES = {
    "new": _("New"),
    "working": _("Working"),
    "qualified": _("Qualified"),
    "unqualified": _("Unqualified"),
    "recycled": _("Recycled"),
}
STATUS_TONES = {"new": "signal", "working": "info", "qualified": "good", "recycled": "plain"}
STATUSES_ELSEWHERE = {
    "open": "new",
    "open - not contacted": "new",
    "in_progress": "working",
    "in progress": "working",
    "working - contacted": "working",
    "contacted": "working",
    "attempted_to_contact": "working",
    "attempted to contact": "working",
    "connected": "working",
    "open_deal": "qualified",
    "open deal": "qualified",
    "converted": "qualified",
    "closed - converted": "qualified",
    "closed - not converted": "unqualified",
    "bad_timing": "recycled",
    "bad timing": "recycled",
    "nurturing": "recycled",
}
SET_ASIDE = {
    "no_need": _("No need"),
    "no_budget": _("No budget"),
    "timing": _("Bad timing"),
    "no_answer": _("No answer"),
    "not_fit": _("Does not fit us"),
    "competitor": _("Went to a competitor"),
    "not_serious": _("Not meant seriously"),
    "other": _("Other"),
}
ANSWERS = {"in_time": _("In time"), "late": _("Late")}
ANSWER_TONES = {"in_time": "good", "late": "bad"}
RATINGS = {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold")}
RATING_TONES = {"hot": "signal", "warm": "warn", "cold": "plain"}
CHANNELS = {
    "form": _("Web form"),
    "email": _("Email"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "social": _("Social network"),
    "event": _("Event"),
    "referral": _("Referral"),
    "list": _("List"),
    "other": _("Other"),
}


class Lead(Record):
    """A person's interest that is to be judged: worked on, qualified or set aside."""

    person = k.relation(
        _("Person"), "contacts.Person", to="person", required=True, related_name="leads",
        index=True,
        icon="user", synonyms=("contact", "name", "full name", "lead", "persona", "contacto"),
    )  # fmt: skip
    company = k.relation(
        _("Company"), "contacts.Company", to="company", related_name="leads", icon="org",
        synonyms=("company name", "account", "organization", "empresa", "firma"),
    )  # fmt: skip
    status = k.choice(
        _("Status"), STATUSES, tones=STATUS_TONES, default="new", index=True,
        synonyms=("lead status", "estado"), elsewhere=STATUSES_ELSEWHERE,
    )  # fmt: skip
    rating = k.choice(
        _("Rating"), RATINGS, tones=RATING_TONES, index=True,
        synonyms=("lead rating", "temperature", "calificación"),
    )  # fmt: skip
    channel = k.choice(_("Channel"), CHANNELS, synonyms=("canal", "medium"))
    source = k.text(
        _("Source"), index=True, synonyms=("lead source", "leadsource", "origen", "fuente")
    )
    interest = k.long_text(
        _("What they ask for"), synonyms=("description", "message", "enquiry", "notes", "mensaje")
    )
    answered_at = k.datetime(_("First answer"), synonyms=("answered at", "first response"))
    answer_by = due_answer(
        _("Answer by"), editable=False, index=True, icon="clock",
        help=_("Counted in working hours from the moment the lead came."),
    )  # fmt: skip
    answer_kept = k.choice(
        _("Answered"), ANSWERS, tones=ANSWER_TONES, editable=False, personal=k.NONE, index=True
    )
    routing = routed(_("Routing"), editable=False, personal=k.NONE, icon="route")
    set_aside_for = k.choice(
        _("Set aside because"), SET_ASIDE, index=True,
        synonyms=("disqualified reason", "unqualified reason", "motivo"),
    )  # fmt: skip
    returns_on = k.date(
        _("Comes back on"), index=True, icon="cal",
        help=_("On that day a recycled lead is new again, and its clock starts anew."),
    )  # fmt: skip
    returned_at = k.datetime(_("Came back"), editable=False, personal=k.NONE)
    returns = k.integer(_("Times it came back"), low=0, editable=False, personal=k.NONE, default=0)
    converted_at = k.datetime(_("Converted"), editable=False)
    external_id = k.text(
        _("External ID"),
        index=True,
        icon="hash",
        synonyms=("external id", "id", "lead id", "record id"),
    )

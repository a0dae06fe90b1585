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
FOUND = {"qualified": _("Worth a deal"), "open": _("Still to ask"), "short": _("Not worth a deal")}
FOUND_TONES = {"qualified": "good", "open": "info", "short": "plain"}
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
    utm_source = k.text(
        _("UTM source"),
        index=True,
        synonyms=("utm source", "utmsource", "fuente utm"),
    )
    utm_medium = k.text(
        _("UTM medium"),
        index=True,
        synonyms=("utm medium", "utmmedium", "medio utm"),
    )
    utm_campaign = k.text(
        _("UTM campaign"), index=True,
        synonyms=("utm campaign", "utmcampaign", "campaign", "campaña", "campaña utm"),
    )  # fmt: skip
    utm_term = k.text(_("UTM term"), synonyms=("utm term", "utmterm", "keyword", "término utm"))
    utm_content = k.text(
        _("UTM content"),
        synonyms=("utm content", "utmcontent", "contenido utm"),
    )
    landing_page = k.url(
        _("Landing page"),
        synonyms=("landing page", "first page", "first page seen", "página de destino"),
    )
    referrer = k.url(
        _("Came from page"),
        synonyms=("referrer", "referer", "first referring site", "referente"),
    )
    assessment_score = k.integer(
        _("Points of the needs assessment"),
        low=0,
        editable=False,
        personal=k.NONE,
        index=True,
    )
    assessment = k.choice(
        _("Needs assessment"), FOUND, tones=FOUND_TONES, editable=False, personal=k.NONE,
        index=True, help=_("What the points of the answers suggest."),
    )  # fmt: skip
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

    # The database works both out of the answers (`lead.sql`); the log leaves them out. An answer
    # may be any field, so that who may not read one is told neither.
    assessment_score.kind.needs = assessment.kind.needs = frozenset({("lead", "*")})
    assessment_score.derived = True
    assessment.derived = True

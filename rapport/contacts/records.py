"""The declarations of people, companies, leads and tags."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.contacts.actions import route_leads
from rapport.contacts.leads.assessing import ask_assessment, assessment_panel
from rapport.contacts.leads.panel import ask_routing, routing_panel
from rapport.contacts.models import (
    Company,
    EmailAddress,
    Employment,
    Lead,
    Person,
    PhoneNumber,
    Tag,
)
from rapport.contacts.panels import (
    ask_company,
    ask_parts,
    ask_people,
    company_panel,
    employment_panel,
    parts_panel,
    people_panel,
)
from rapport.contacts.parts.emails import Emails
from rapport.contacts.parts.employments import Employments
from rapport.contacts.parts.phones import Phones
from rapport.contacts.parts.synonyms import EMAIL_WORDS, PHONE_WORDS
from rapport.contacts.queries import ask_jobs
from rapport.contacts.web_forms.panel import ask_sent, sent_panel
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Board, Expect, Object, Panel, Section, declare
from rapport.records.kinds.text import Text

CONTRACT = k.Privacy(k.PERSONAL, purpose="relationship", retention_days=3 * 365)
EMPLOYER = k.Privacy(k.NONE)
#: How somebody found us, as the address of the page he came to said it.
CLICKED = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "landing_page",
    "referrer",
)  # fmt: skip
ADDRESS = ("street", "postal_code", "city", "region", "country")
#: What files of people say of the company somebody works for.
OF_COMPANY = ("domain", "website", "industry", "employees", "annual_revenue", *ADDRESS)

registry.log(EmailAddress, "email", "party_id")
registry.log(PhoneNumber, "phone", "party_id")
registry.log(Employment, "employment", "person_id")


def _tags() -> k.Links:
    return k.Links(
        _("Tags"),
        to="tag",
        role="tag",
        personal=k.NONE,
        icon="tag",
        synonyms=("tags", "labels", "etiquetas"),
    )


@declare
class PersonObject(Object):
    """Somebody we know, with the ways to reach them and where they work."""

    model = Person
    name, plural = "person", "people"
    label, label_plural = _("Person"), _("People")
    icon = "user"
    face = "person"
    menu, order = _("Relationships"), 20
    subtitle = "job_title"
    columns = ("name", "company", "lifecycle", "country", "owner")
    sort = "name"
    quick = ("name", "job_title", "company", "emails", "phones", "lifecycle")
    sections = (
        Section(_("Contact"), ("emails", "phones", "language", "website", "linkedin")),
        Section(_("Work"), ("job_title", "department", "company", "employments")),
        Section(_("Relationship"), ("owner", "lifecycle", "lifecycle_at", "source", "tags")),
        Section(_("Name"), ("name", "prefix", "first_name", "middle_name", "last_name", "suffix",
        "birthday")),
        Section(_("Address"), (*ADDRESS, "time_zone", "latitude", "longitude")),
        Section(_("More"), ("description", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(by="lifecycle", card=("company", "tags", "next_step"))
    expects = (
        Expect("emails", 30), Expect("phones", 20), Expect("company", 15), Expect("country", 15),
        Expect("job_title", 10), Expect("emails", 20, "invalid"), Expect("phones", 10, "invalid"),
        Expect("updated_at", 10, "stale", days=365),
    )  # fmt: skip
    often = ("city",)
    match = (("external_id",), ("emails",), ("name", "company"))
    described = {"company": OF_COMPANY}
    stands_alone = True
    made_on_the_fly = True
    has_timeline = True
    timeline_through = ("company",)
    extra = {
        "emails": Emails(_("Email"), icon="mail", synonyms=EMAIL_WORDS),
        "phones": Phones(_("Phone"), icon="phone", synonyms=PHONE_WORDS),
        "employments": Employments(_("Work over time"), icon="briefcase"),
        "tags": _tags(),
    }
    panels = (
        Panel("company", _("Company"), company_panel, order=10, asks=ask_company),
        Panel("employments", _("Work over time"), employment_panel, order=60, asks=ask_jobs),
    )
    privacy = CONTRACT


@declare
class CompanyObject(Object):
    """An organisation we know: a customer, a supplier, a partner or one of their parts."""

    model = Company
    name, plural = "company", "companies"
    label, label_plural = _("Company"), _("Companies")
    icon = "org"
    face = "org"
    menu, order = _("Relationships"), 30
    subtitle = "industry"
    columns = ("name", "industry", "lifecycle", "country", "owner")
    sort = "name"
    quick = ("name", "website", "emails", "phones", "lifecycle")
    sections = (
        Section(_("Company"), (
            "name", "website", "domain", "industry", "employees", "annual_revenue", "currency",
            "annual_revenue_base", "number", "parent",
        )),
        Section(_("Contact"), ("emails", "phones", *ADDRESS, "latitude", "longitude")),
        Section(_("Relationship"), ("owner", "lifecycle", "lifecycle_at", "source", "tags")),
        Section(_("More"), ("description", "external_id", "created_at", "updated_at")),
    )  # fmt: skip
    board = Board(by="lifecycle", card=("industry", "tags", "next_step"))
    expects = (
        Expect("phones", 15), Expect("emails", 10), Expect("website", 15), Expect("industry", 15),
        Expect("city", 10), Expect("country", 15), Expect("employees", 10),
        Expect("emails", 10, "invalid"), Expect("phones", 10, "invalid"),
        Expect("updated_at", 10, "stale", days=365),
    )  # fmt: skip
    worth = "annual_revenue"
    match = (("external_id",), ("domain",), ("name",))
    stands_alone = True
    made_on_the_fly = True
    has_timeline = True
    extra = {
        "emails": Emails(_("Email"), personal=CONTRACT, icon="mail", synonyms=EMAIL_WORDS),
        "phones": Phones(_("Phone"), personal=CONTRACT, icon="phone", synonyms=PHONE_WORDS),
        "tags": _tags(),
    }
    panels = (
        Panel("people", _("People"), people_panel, order=10, asks=ask_people),
        Panel("parts", _("Parts"), parts_panel, order=50, asks=ask_parts),
    )
    privacy = EMPLOYER


@declare
class LeadObject(Object):
    """A person's interest that is to be judged: worked on, qualified or set aside."""

    model = Lead
    name, plural = "lead", "leads"
    label, label_plural = _("Lead"), _("Leads")
    icon = "inbox"
    desk = "/leads/inbox/"
    menu, order = _("Relationships"), 10
    title = "name"
    subtitle = "source"
    columns = (
        "name", "company", "status", "answer_by", "rating", "source", "created_at", "owner",
    )  # fmt: skip
    sort = "-created_at"
    quick = ("person", "company", "source", "rating", "interest")
    sections = (
        Section(_("Lead"), ("person", "company", "status", "rating", "interest", "tags")),
        Section(_("Answer"), ("answer_by", "answered_at", "answer_kept")),
        Section(_("Set aside"), ("set_aside_for", "returns_on", "returned_at", "returns")),
        Section(_("Needs assessment"), ("assessment", "assessment_score")),
        Section(_("Where it came from"), ("channel", "source", *CLICKED, "converted_at",
        "external_id")),
        Section(_("More"), ("owner", "created_at", "updated_at")),
    )  # fmt: skip
    header = ("answer_by", "assessment")
    board = Board(by="status", card=("company", "answer_by", "rating", "source", "next_step"))
    expects = (
        Expect("source", 30), Expect("interest", 30), Expect("company", 20), Expect("rating", 20),
    )  # fmt: skip
    match = (("external_id",), ("person",))
    described = {
        "person": (
            "prefix", "first_name", "middle_name", "last_name", "suffix", "job_title",
            "department", "emails", "phones", "website", "linkedin", "birthday", "language",
            "lifecycle", *ADDRESS, "latitude", "longitude",
        ),
        "company": OF_COMPANY,
    }  # fmt: skip
    has_timeline = True
    extra = {
        "name": Text(_("Name"), path="person__name", editable=False),
        "tags": _tags(),
    }
    actions = (
        Action("route", _("Route again"), route_leads, icon="flow",
               applies=lambda lead: lead.converted_at is None),
    )  # fmt: skip
    panels = (
        Panel("assessment", _("Needs assessment"), assessment_panel, order=10,
              asks=ask_assessment),
        Panel("routing", _("Routing"), routing_panel, order=20, asks=ask_routing),
        Panel("sent", _("Web form"), sent_panel, order=15, asks=ask_sent),
    )  # fmt: skip
    privacy = CONTRACT


@declare
class TagObject(Object):
    """A word to gather records under, whatever their object."""

    model = Tag
    name, plural = "tag", "tags"
    match = (("name",),)
    made_on_the_fly = True
    label, label_plural = _("Tag"), _("Tags")
    icon = "tag"
    hue = "hue"
    columns = ("name", "hue", "created_by", "created_at")
    quick = ("name", "hue")
    sort = "name"
    sections = (Section(_("Tag"), ("name", "hue")),)
    access = "shared"
    privacy = k.NONE

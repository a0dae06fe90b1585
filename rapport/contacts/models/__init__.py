"""People, companies, how to reach them, and leads."""

from rapport.contacts.models.company import Company
from rapport.contacts.models.email_address import EmailAddress
from rapport.contacts.models.employment import Employment
from rapport.contacts.models.lead import Lead
from rapport.contacts.models.lead_question import LeadQuestion
from rapport.contacts.models.lead_rule import LeadRule, LeadSettings
from rapport.contacts.models.party import Party
from rapport.contacts.models.person import Person
from rapport.contacts.models.phone_number import PhoneNumber
from rapport.contacts.models.tag import Tag
from rapport.contacts.models.web_form import Submission, WebForm
from rapport.contacts.parts.country import country

__all__ = [
    "Company", "EmailAddress", "Employment", "Lead", "LeadQuestion",
    "LeadRule", "LeadSettings", "Party", "Person", "PhoneNumber", "Submission", "Tag", "WebForm",
    "country",
]  # fmt: skip

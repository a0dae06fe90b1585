"""What the files of known programs are about, told by columns that only those have.

Salesforce: the object reference of its platform, as Data Loader, the weekly export and replication
tools write it. HubSpot: its default properties, the tables of its replication. Zoho CRM: the
standard fields of its modules. Where a table has no place here, it says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.records.imports.mapping.headings import key

USERS, STAGES, PIPELINES = "user", "stage", "pipeline"
"""Files that only say what keys in other files mean."""

HISTORY = _("This is the past of another table; only what holds now is taken.")
PRODUCTS = _("Lines of deals have no place here; products can be imported by themselves.")
SERVICE = _("Tickets and cases have no place here yet.")
CAMPAIGNS = _("Campaigns and forms have no place here yet.")
MAIL = _("E-mails and chats have no place here yet.")
SETTINGS = _("These are settings of the other program, no records.")
REPEATED = _("It only says which kind each activity is; the files of the activities hold the rest.")


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file of a program; a file with all the columns of one of `marks`, and none of
    `without`, is one."""

    program: str
    marks: tuple[frozenset[str], ...]
    #: The object, or what its keys mean; empty for what has no place here, for `why`.
    about: str = ""
    why: str | Promise = ""
    without: frozenset[str] = frozenset()
    #: Of a file that only ties records together: its columns and their fields; the rest stays out.
    ties: Mapping[str, str] = field(default_factory=dict)
    #: The object that a tie's second column points at.
    to: str = ""

    def fits(self, keys: Set[str]) -> bool:
        """Whether a file with these columns is one."""
        return any(mark <= keys for mark in self.marks) and not self.without & keys


def has(*columns: str) -> frozenset[str]:
    """A set of columns, in the form in which they are compared."""
    return frozenset(key(column) for column in columns)


def tie(program: str, own: str, other: str, object_: str, to: str, name: str) -> FileKind:
    """A file whose rows say which record of `object_` goes with which one of `to`."""
    ties = {key(own): "external_id", key(other): name}
    return FileKind(program, (has(own, other),), about=object_, ties=ties, to=to)


ANY = (FileKind("", (frozenset({"_fivetran_start", "_fivetran_end"}),), why=HISTORY),)

SALESFORCE = "Salesforce"
ORDER_LINES = {
    "orderid": "external_id", "product2id": "lines.product", "quantity": "lines.quantity",
    "unitprice": "lines.price",
}  # fmt: skip
"""What each row of Salesforce's order products says of the order that it is a line of."""
SALESFORCE_FILES = (
    FileKind(SALESFORCE, (has("OpportunityId", "PricebookEntryId"),), why=PRODUCTS),
    FileKind(SALESFORCE, (has("ProductCode", "Family", "IsActive"),), about="product"),
    FileKind(SALESFORCE, (has(*ORDER_LINES),), about="order", to="product", ties=ORDER_LINES),
    FileKind(SALESFORCE, (has("OrderNumber", "AccountId"),), about="order"),
    FileKind(SALESFORCE, (has("DeveloperName", "PortalType"), has("MayForecastManagerShare")),
             why=SETTINGS),
    FileKind(SALESFORCE, (has("CaseNumber"),), why=SERVICE),
    FileKind(SALESFORCE, (has("CampaignId", "LeadId", "ContactId"), has("NumberSent", "IsActive")),
             why=CAMPAIGNS),
    FileKind(SALESFORCE, (has("Username", "ProfileId"), has("Username", "Alias")), about=USERS),
    tie(SALESFORCE, "OpportunityId", "ContactId", "deal", "person", "people"),
    FileKind(SALESFORCE, (has("ShowAs", "StartDateTime"), has("DurationInMinutes", "ShowAs"),
             has("EventSubtype")), about="meeting"),
    FileKind(SALESFORCE, (has("WhoId", "ActivityDate"), has("WhatId", "ActivityDate"),
             has("TaskSubtype")), about="task"),
    FileKind(SALESFORCE, (has("ParentId", "Title", "Body"),), about="note"),
    FileKind(SALESFORCE, (has("StageName", "CloseDate"), has("StageName", "ForecastCategory"),
             has("Opportunity Name", "Stage"), has("Opportunity ID", "Stage")), about="deal"),
    FileKind(SALESFORCE, (has("IsConverted", "LastName"), has("ConvertedAccountId"),
             has("Lead ID", "Company"), has("Lead Status", "Lead Source", "Company")),
             about="lead"),
    FileKind(SALESFORCE, (has("LastName", "AccountId"), has("MailingCity", "LastName"),
             has("ReportsToId", "LastName"), has("Contact ID", "Last Name")), about="person"),
    FileKind(SALESFORCE, (has("BillingCity", "Name"), has("BillingStreet"),
             has("Account ID", "Account Name"), has("AccountNumber", "Ownership")),
             without=has("LastName") | has("StageName"), about="company"),
)  # fmt: skip

ZOHO = "Zoho CRM"
#: By the standard fields that its help lists; its leads, contacts and accounts have the columns of
#: Salesforce's reports, so those betray no program.
ZOHO_FILES = (
    FileKind(ZOHO, (has("Deal Owner", "Deal Name", "Closing Date"),), about="deal"),
    FileKind("", (has("Lead Owner", "Last Name"),), about="lead"),
    FileKind("", (has("Contact Owner", "Last Name"),), about="person",
             without=has("Associated Company") | has("Lifecycle Stage")),
    FileKind("", (has("Account Owner", "Account Name"),), about="company",
             without=has("Last Name") | has("Stage")),
)  # fmt: skip

HUBSPOT = "HubSpot"
HUBSPOT_FILES = (
    FileKind(HUBSPOT, (has("ticket id"), frozenset({"property_hs_ticket_priority"}),
             has("Ticket name"), has("ticket state", "stage id"), has("object type id", "label")),
             why=SERVICE),
    FileKind(HUBSPOT, (has("form type", "submit text"), has("lead nurturing campaign id")),
             why=CAMPAIGNS),
    FileKind(HUBSPOT, (frozenset({"property_id"}), has("field type", "hubspot object"),
             has("team id", "user id"), has("team id", "owner id"),
             has("requires billing write")), why=SETTINGS),
    FileKind(HUBSPOT, (has("stage id", "label", "pipeline id"),), about=STAGES),
    FileKind(HUBSPOT, (has("pipeline id", "label"),), about=PIPELINES),
    FileKind(HUBSPOT, (has("owner id", "email", "first name"),
             has("id", "email", "first name", "primary team id"),
             has("id", "email", "first name", "role id")),
             without=has("deal id") | has("record id"), about=USERS),
    tie(HUBSPOT, "deal id", "company id", "deal", "company", "company"),
    tie(HUBSPOT, "deal id", "contact id", "deal", "person", "people"),
    tie(HUBSPOT, "engagement id", "contact id", "", "person", "about"),
    tie(HUBSPOT, "engagement id", "company id", "", "company", "about"),
    tie(HUBSPOT, "engagement id", "deal id", "", "deal", "about"),
    FileKind(HUBSPOT, (frozenset({"property_hs_email_subject"}), has("Email subject")), why=MAIL),
    FileKind(HUBSPOT, (frozenset({"property_hs_note_body"}), has("Note body")), about="note"),
    FileKind(HUBSPOT, (frozenset({"property_hs_task_type"}), has("Task Title"),
             has("Task Status")), about="task"),
    FileKind(HUBSPOT, (has("engagement id", "start time", "end time"),
             has("Meeting start time"), has("Meeting name")), about="meeting"),
    FileKind(HUBSPOT, (has("Call Title"), has("Call outcome")), about="call"),
    FileKind(HUBSPOT, (frozenset({"property_dealname"}), has("Deal Name", "Deal Stage"),
             has("Record ID", "Deal Name")), about="deal"),
    FileKind(HUBSPOT, (frozenset({"property_email"}), frozenset({"property_lastname"}),
             has("Record ID", "First Name"), has("Record ID", "Email")), about="person"),
    FileKind(HUBSPOT, (frozenset({"property_name"}), has("Record ID", "Company name"),
             has("Record ID", "Company Domain Name")), about="company"),
    FileKind(HUBSPOT, (has("id", "type", "portal id"),), why=REPEATED),
)  # fmt: skip

BY_TYPE = {
    "task": "task", "call": "call", "meeting": "meeting", "note": "note",
    "email": "", "communication": "", "conversation_session": "",
}  # fmt: skip
"""What HubSpot calls the sorts of activities, and their objects."""
TYPES = ("type", "engagementtype")

PIPEDRIVE = "Pipedrive"
PIPEDRIVE_OBJECTS = {
    "person": "person", "organization": "company", "deal": "deal", "lead": "lead",
    "activity": "task", "note": "note",
}  # fmt: skip
"""The first word of the columns of Pipedrive's exports: “Organization - Name”."""

KINDS = (*ANY, *SALESFORCE_FILES, *ZOHO_FILES, *HUBSPOT_FILES)

"""Real files of other programs, imported by the suggested mapping, accounted for to the row."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from rapport.contacts.models import Company, EmailAddress, Lead, Person
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.imports.tests.samples import here_or_shared
from rapport.records.models import Change, ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE
from rapport.sales.models import Deal

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="US")
MOST_UNDONE = 5_000


@dataclass(frozen=True)
class Case:
    """What a careful reading of a file says an import of it comes to."""

    object: str
    rows: int
    failed: int = 0
    updated: int = 0
    """Rows that meet a record of a row above, or one made because a row above named it."""
    review: int = 0
    partial: int = 0
    """Rows among those taken that go without some of their values."""
    gone: int = 0
    """Rows that the other program has deleted."""


#: Of twenty thousand rows; deals that another test here takes whole; and what the same programs
#: wrote once more.
REPEATED = {
    "adventureworks/EmailAddress.csv.gz", "adventureworks/PersonPhone.csv.gz",
    "adventureworks/Customer.csv.gz",
    "adventureworks/BusinessEntityContact.csv", "adventureworks/Employee.csv",
    "adventureworks/Vendor.csv",
    "crm-sales-opportunities/sales_pipeline_until_2017-06.csv",
    "crm-salesforce-dataloader/accountsForInsert.csv",
    "crm-salesforce-dataloader/constantMappingInCsv.csv",
    "crm-salesforce-dataloader/insertAccountWithMultipleBatchesCSV.csv",
    "crm-salesforce-dataloader/insertAccountCsv.csv",
    "crm-salesforce-dataloader/updateAccountCsvTemplate.csv",
    "crm-salesforce-dataloader/updateAccountWithExternalIdCsvTemplate.csv",
    "crm-salesforce-dataloader/upsertFkAccountNewFormatCsvTemplate.csv",
    "crm-salesforce-dataloader/SoqlInClauseFromCSV.csv",
    "crm-salesforce-dataloader/constantMappingInCsvClashing.csv",
    "crm-salesforce-dataloader/oneToManySforceFieldsMappingInCsv.csv",
    "crm-salesforce-dataloader/upsertFkAccountOldFormatCsvTemplate.csv",
    "crm-salesforce-dataloader/success0413060133.csv",
    "adventureworks/Store.csv", "vcard/gmail-list.vcf", "vcard/outlook-2003.vcf",
    "crm-salesforce-seeds/sf_account_history_data.csv",
    "crm-salesforce-seeds/sf_contact_history_data.csv",
    "vcard/John_Doe_EVOLUTION.vcf", "vcard/John_Doe_GMAIL.vcf", "vcard/gmail-single.vcf",
    "vcard/John_Doe_MAC_ADDRESS_BOOK.vcf", "vcard/issue114.vcf",
}  # fmt: skip
CASES = {
    "adventureworks/EmailAddress.csv.gz": Case("person", 19_972),
    "adventureworks/PersonPhone.csv.gz": Case("person", 19_972),
    "adventureworks/Customer.csv.gz": Case("person", 19_820),
    "adventureworks/Employee.csv": Case("person", 290),
    # 440 people, most of them twice under a second number with the same name and address.
    "adventureworks/labs_customers.csv": Case("person", 847, updated=407),
    "adventureworks/BusinessEntityContact.csv": Case("person", 909),
    # Two names occur twice, with different numbers: 701 stores.
    "adventureworks/Store.csv": Case("company", 701),
    "adventureworks/Vendor.csv": Case("company", 104),
    # Seven are named as parents; one row lies in the “Philipines”.
    "crm-sales-opportunities/accounts.csv": Case("company", 85, updated=7, partial=1),
    "crm-sales-opportunities/sales_pipeline_until_2017-06.csv": Case("deal", 4_615),
    "crm-salesforce-dataloader/accountData.csv": Case("company", 423),
    "crm-salesforce-dataloader/accountsForInsert.csv": Case("company", 4),
    "crm-salesforce-dataloader/constantMappingInCsv.csv": Case("company", 2),
    "crm-salesforce-dataloader/constantMappingInCsvClashing.csv": Case("company", 2),
    "crm-salesforce-dataloader/dateEndingInZ.csv": Case("company", 1),
    "crm-salesforce-dataloader/insertAccountCsv.csv": Case("company", 100),
    "crm-salesforce-dataloader/insertAccountWithMultipleBatchesCSV.csv": Case("company", 3),
    "crm-salesforce-dataloader/oneToManySforceFieldsMappingInCsv.csv": Case("company", 2),
    "crm-salesforce-dataloader/updateAccountCsvTemplate.csv": Case("company", 100),
    "crm-salesforce-dataloader/updateAccountWithExternalIdCsvTemplate.csv": Case("company", 5),
    "crm-salesforce-dataloader/upsertAccountCsvTemplate.csv": Case("company", 100),
    "crm-salesforce-dataloader/upsertFkAccountNewFormatCsvTemplate.csv": Case("company", 5),
    "crm-salesforce-dataloader/upsertFkAccountOldFormatCsvTemplate.csv": Case("company", 50),
    "crm-salesforce-dataloader/SoqlInClauseFromCSV.csv": Case("company", 20),
    "crm-salesforce-dataloader/success0413060133.csv": Case("deal", 9),
    # Rows that Salesforce refused have no id; two are one deal of one company.
    "crm-salesforce-dataloader/error0413060133.csv": Case("deal", 11, updated=1),
    # Published with scrambled cells: a country that is a hash is no country.
    "crm-salesforce-seeds/sf_account_data.csv": Case("company", 10, gone=9),
    "crm-salesforce-seeds/sf_account_history_data.csv": Case("company", 10, gone=9),
    "crm-salesforce-seeds/sf_contact_data.csv": Case("person", 4, partial=3),
    "crm-salesforce-seeds/sf_contact_history_data.csv": Case("person", 4, partial=3),
    "crm-salesforce-seeds/sf_opportunity_data.csv": Case("deal", 10, gone=10),
    "crm-salesforce-seeds/sf_lead_data.csv": Case("lead", 1),
    "crm-hubspot-seeds/company_data.csv": Case("company", 24),
    # Every address is a hash.
    "crm-hubspot-seeds/contact_data.csv": Case("person", 22, partial=22),
    "crm-hubspot-seeds/deal_data.csv": Case("deal", 44),
    # Three days that no calendar has.
    "record-linkage-febrl/febrl_dataset1.csv": Case("person", 1_000, partial=3),
    # Made-up numbers that no network has, and one of two addresses without @.
    "vcard/John_Doe_ANDROID.vcf": Case("person", 6, partial=4),
    "vcard/John_Doe_EVOLUTION.vcf": Case("person", 1),
    "vcard/John_Doe_GMAIL.vcf": Case("person", 1),
    "vcard/John_Doe_MAC_ADDRESS_BOOK.vcf": Case("person", 1),
    "vcard/John_Doe_MS_OUTLOOK.vcf": Case("person", 1),
    # A country called HomeCountry, a number called BusinessPhone.
    "vcard/fullcontact.vcf": Case("person", 1, partial=1),
    "vcard/outlook-2003.vcf": Case("person", 1, partial=1),
    "vcard/gmail-list.vcf": Case("person", 3),
    "vcard/gmail-single.vcf": Case("person", 1),
    "vcard/issue114.vcf": Case("person", 1),
    "vcard/jcard-example.json": Case("person", 1),
    "vcard/rfc2426-example.vcf": Case("person", 2),
}


def take(path: Path, object_: str) -> ImportRun:
    """The file imported as the wizard would with nothing touched."""
    place = f"imports/{path.name}"
    kept = Path(settings.MEDIA_ROOT) / place
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, kept)
    return run_import(draft(HOUSE, object_, path.name, place), HOUSE, CONTEXT)


def tally(run: ImportRun) -> dict[str, int]:
    return {
        name: getattr(run, name) for name in ("created", "updated", "skipped", "failed", "review")
    }


def count(object_: str) -> int:
    return int(access.rows(HOUSE, object_).count())


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.long if name in REPEATED else []) for name in CASES],
)
def test_every_row_is_accounted_for(name: str) -> None:
    case, path = CASES[name], here_or_shared(name)
    first = take(path, case.object)
    created = case.rows - case.updated - case.failed - case.review - case.gone
    reasons = list(first.problems.values_list("number", "reason")[:5])
    assert tally(first) == {
        "created": created,
        "updated": case.updated,
        "skipped": case.gone,
        "failed": case.failed,
        "review": case.review,
    }, reasons
    assert first.partial == case.partial, reasons
    assert first.problems.count() == case.failed + case.review + case.partial
    records = count(case.object)
    changes = Change.objects.count()
    second = take(path, case.object)
    taken = case.rows - case.failed - case.review
    assert tally(second) == {
        "created": 0,
        "updated": 0,
        "skipped": taken,
        "failed": case.failed,
        "review": case.review,
    }
    assert (count(case.object), Change.objects.count()) == (records, changes)
    if case.rows <= MOST_UNDONE:
        assert first.change_set is not None
        undo(HOUSE, first.change_set, via="test")
        assert [count(one) for one in ("person", "company", "deal", "lead")] == [0, 0, 0, 0]


def test_a_lead_of_salesforce_brings_its_person() -> None:
    run = take(here_or_shared("crm-salesforce-seeds/sf_lead_data.csv"), "lead")
    fields = {one["column"]: one["field"] for one in run.assigned}
    assert fields["first_name"] == "person.first_name"
    assert fields["email"] == "person.emails"
    lead = Lead.objects.select_related("person", "company").get()
    assert (lead.person.name != "", lead.person.company_id) == (True, lead.company_id)


def addresses(person: Person) -> dict[str, str]:
    found = EmailAddress.objects.filter(party_id=person.pk)
    return dict(found.values_list("normalised", "label"))


def test_people_of_adventure_works_land_whole() -> None:
    take(here_or_shared("adventureworks/labs_customers.csv"), "person")
    orlando = Person.objects.get(name="Orlando Gee")
    assert list(addresses(orlando)) == ["orlando0@adventure-works.com"]
    assert orlando.owner_id == HOUSE.user_id


def test_companies_hang_on_their_parents() -> None:
    take(here_or_shared("crm-sales-opportunities/accounts.csv"), "company")
    parts = Company.objects.filter(parent__name="Acme Corporation").values_list("name", flat=True)
    assert "Bluth Company" in parts
    acme = Company.objects.get(name="Acme Corporation")
    assert (acme.industry, acme.employees) == ("technolgy", 2822)
    assert Company.objects.count() == 85


def test_deals_of_a_pipeline_end_where_they_ended() -> None:
    path = here_or_shared("crm-sales-opportunities/sales_pipeline_until_2017-06.csv")
    run = take(path, "deal")
    deal = Deal.objects.select_related("company", "stage").get(external_id="1C1I7A6R")
    assert (deal.name, deal.company.name) == ("Cancity 1C1I7A6R", "Cancity")
    assert (deal.state, float(deal.amount), str(deal.close_date)) == ("won", 1054, "2017-03-01")
    states = {one: Deal.objects.filter(state=one).count() for one in ("won", "lost", "open")}
    assert states == {"won": 2394, "lost": 1255, "open": 966}
    assert run.notes["Stage “Prospecting” is not known here: “Qualify” was taken."] == 250
    agents = [note for note in run.notes if "is no user here" in note]
    assert len(agents) == 30


def test_stores_come_before_or_after_the_customers_that_name_them() -> None:
    take(here_or_shared("adventureworks/BusinessEntityContact.csv"), "person")
    waiting = Company.objects.count()
    take(here_or_shared("adventureworks/Vendor.csv"), "company")
    vendor = Company.objects.get(name="Australia Bike Retailer")
    assert Person.objects.filter(company=vendor).exists()
    assert Company.objects.filter(external_id=vendor.external_id).count() == 1
    assert Company.objects.count() == waiting


HEADED: dict[str, tuple[str, str]] = {
    "linkedin": (
        'Notes:\n"When exporting your connection data, some addresses may be missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n",
        "Ada,Lovelace,https://www.linkedin.com/in/ada,ada@acme.example,Acme,Analyst,05 May 2025\n"
        "Bob,Babbage,https://www.linkedin.com/in/bob,,Acme,Engineer,06 May 2025\n",
    ),
    "google": (
        "First Name,Middle Name,Last Name,Organization Name,Organization Title,Labels,"
        "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Website 1 - Label,"
        "Website 1 - Value\n",
        "Ada,,Lovelace,Acme,Analyst,* myContacts,* Work,ada@acme.example,Mobile,"
        "+44 20 7946 0018,Work,https://acme.example\n"
        "Bob,,Babbage,Acme,Engineer,* myContacts,,,,,,\n",
    ),
    "google before 2024": (
        "Name,Given Name,Additional Name,Family Name,Name Prefix,Name Suffix,Birthday,Notes,"
        "Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,"
        "Organization 1 - Name,Organization 1 - Title\n",
        "Ada Lovelace,Ada,,Lovelace,,,,,* myContacts,* Work,"
        "ada@acme.example ::: ada@home.example,Mobile,+44 20 7946 0018,Acme,Analyst\n"
        "Bob Babbage,Bob,,Babbage,,,,,* myContacts,,,,,Acme,Engineer\n",
    ),
    "outlook": (
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
        "Business Street,Business City,Business Phone,Mobile Phone,E-mail Address,E-mail Type,"
        "E-mail Display Name,Notes,Web Page\n",
        "Ms,Ada,,Lovelace,,Acme,Research,Analyst,1 Main St,London,+44 20 7946 0018,,"
        "ada@acme.example,SMTP,Ada,,\n"
        "Mr,Bob,,Babbage,,Acme,,Engineer,,,,,,,,,\n",
    ),
    "outlook de": (
        "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,"
        "Straße geschäftlich,Ort geschäftlich,Telefon geschäftlich,Mobiltelefon,E-Mail-Adresse,"
        "E-Mail-Typ,E-Mail: Angezeigter Name,Notizen,Webseite\n",
        "Frau,Ada,,Lovelace,,Acme,Forschung,Analyst,Hauptstr. 1,Berlin,+44 20 7946 0018,,"
        "ada@acme.example,SMTP,Ada,,\n"
        "Herr,Bob,,Babbage,,Acme,,Engineer,,,,,,,,,\n",
    ),
    "outlook fr": (
        "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Fonction,Rue (bureau),"
        "Ville (bureau),Téléphone (bureau),Tél. mobile,Adresse de messagerie,"
        "Type de messagerie,Notes,Page Web\n",
        "Mme,Ada,,Lovelace,,Acme,Recherche,Analyst,1 rue Haute,Paris,+44 20 7946 0018,,"
        "ada@acme.example,SMTP,,\n"
        "M.,Bob,,Babbage,,Acme,,Engineer,,,,,,,,\n",
    ),
}


@pytest.mark.parametrize("source", HEADED)
def test_address_books_land_under_their_own_headings(source: str, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("".join(HEADED[source]), encoding="utf-8")
    run = take(path, "person")
    assert tally(run)["created"] == 2, list(run.problems.values_list("reason", flat=True))
    assert Company.objects.values_list("name", flat=True).get() == "Acme"
    ada = Person.objects.get(name="Ada Lovelace")
    bob = Person.objects.get(name="Bob Babbage")
    assert (ada.job_title, bob.job_title) == ("Analyst", "Engineer")
    assert "ada@acme.example" in addresses(ada)
    assert addresses(bob) == {}
    assert ada.company_id == bob.company_id
    assert_whole(source, ada)
    assert tally(take(path, "person"))["skipped"] == 2


def assert_whole(source: str, ada: Any) -> None:
    found = addresses(ada)
    if source.startswith("google"):
        assert found["ada@acme.example"] == "work"
    if source == "google before 2024":
        assert "ada@home.example" in found
    if source.startswith("outlook"):
        assert ada.street
    if source == "linkedin":
        assert ada.linkedin == "https://www.linkedin.com/in/ada"

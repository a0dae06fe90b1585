"""Exports of the programs people come from map by their header rows, in any language."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.records.imports.mapping import Suggestion, Target, sample_columns, suggest
from rapport.records.imports.reading import open_table
from rapport.records.imports.tests.samples import COMPANY, DATA, DEAL, PERSON, TASK


def mapped(header: str, *rows: str, fields: list[Target] | None = None) -> dict[str, Suggestion]:
    columns = header.split(",")
    values = [row.split(",") for row in rows]
    samples = [[row[place] for row in values if place < len(row)] for place in range(len(columns))]
    return {one.column: one for one in suggest(columns, samples, fields or PERSON, "en")}


def fields_of(found: dict[str, Suggestion]) -> dict[str, str]:
    return {column: one.target for column, one in found.items() if one.target and not one.label_of}


def test_linkedin_connections(tmp_path: Path) -> None:
    path = tmp_path / "Connections.csv"
    path.write_text(
        "Notes:\n"
        '"When exporting your connection data, you may notice that some of the email addresses '
        'are missing. You will only see email addresses for connections who allow it."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ann,Lee,https://www.linkedin.com/in/annlee,,Acme,Head of Sales,05 May 2025\n"
        'Bo,Ek,https://www.linkedin.com/in/boek,bo@ek.example,"Ek, Bo & Co",Owner,21 Apr 2025\n'
    )
    with open_table(path) as table:
        assert len(list(table.rows())) == 2
        found = suggest(table.columns, sample_columns(table), PERSON, "en")
    assert {one.column: one.target for one in found} == {
        "First Name": "first_name",
        "Last Name": "last_name",
        "URL": "linkedin",
        "Email Address": "emails",
        "Company": "company",
        "Position": "job_title",
        "Connected On": "created_at",
    }


GOOGLE_NEW = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,"
    "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,"
    "Address 1 - Extended Address,Website 1 - Label,Website 1 - Value"
)


def test_google_contacts_of_today() -> None:
    found = mapped(GOOGLE_NEW)
    assert fields_of(found) == {
        "First Name": "first_name",
        "Middle Name": "middle_name",
        "Last Name": "last_name",
        "Name Prefix": "salutation",
        "Name Suffix": "suffix",
        "Organization Name": "company",
        "Organization Title": "job_title",
        "Organization Department": "department",
        "Birthday": "birthday",
        "Notes": "description",
        "Labels": "tags",
        "E-mail 1 - Value": "emails",
        "E-mail 2 - Value": "emails",
        "Phone 1 - Value": "phones",
        "Address 1 - Street": "address.street",
        "Address 1 - City": "address.city",
        "Address 1 - PO Box": "address.street",
        "Address 1 - Region": "address.region",
        "Address 1 - Postal Code": "address.postal_code",
        "Address 1 - Country": "address.country",
        "Address 1 - Extended Address": "address.street",
        "Website 1 - Value": "website",
    }
    labels = {column: one.label_of for column, one in found.items() if one.label_of}
    assert labels == {
        "E-mail 1 - Label": "E-mail 1 - Value",
        "E-mail 2 - Label": "E-mail 2 - Value",
        "Phone 1 - Label": "Phone 1 - Value",
    }
    street = sorted((one.part, column) for column, one in found.items() if one.part)
    assert [column.split(" - ")[1] for _, column in street] == [
        "Street", "Extended Address", "PO Box",
    ]  # fmt: skip


def test_google_contacts_before_2024() -> None:
    found = mapped(
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Name Prefix,Name Suffix,Initials,"
        "Birthday,Gender,Location,Occupation,Subject,Notes,Language,Group Membership,"
        "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,"
        "Organization 1 - Title,Website 1 - Value",
        "Ann Lee,Ann,,Lee,,,,,,,,Boss,,,en,* myContacts ::: Friends,"
        "* Work,a@x.example ::: b@x.example,"
        "Mobile,+49 160 1234567 ::: +49 30 123456,Acme,Head,https://x.example",
    )
    assert fields_of(found) == {
        "Name": "name",
        "Given Name": "first_name",
        "Additional Name": "middle_name",
        "Family Name": "last_name",
        "Name Prefix": "salutation",
        "Name Suffix": "suffix",
        "Birthday": "birthday",
        "Notes": "description",
        "Language": "language",
        "Group Membership": "tags",
        "E-mail 1 - Value": "emails",
        "Phone 1 - Value": "phones",
        "Organization 1 - Name": "company",
        "Organization 1 - Title": "job_title",
        "Website 1 - Value": "website",
    }
    assert {found[name].separator for name in ("E-mail 1 - Value", "Phone 1 - Value")} == {" ::: "}


OUTLOOK = {
    "en": (
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
        "Business Street,Business Street 2,Business City,Business State,Business Postal Code,"
        "Business Country/Region,Home Street,Home City,Business Fax,Business Phone,"
        "Business Phone 2,Mobile Phone,Home Phone,E-mail Address,E-mail Type,E-mail Display Name,"
        "E-mail 2 Address,Birthday,Categories,Notes,Web Page,Gender,Priority"
    ),
    "de": (
        "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,"
        "Straße geschäftlich,Straße geschäftlich 2,Ort geschäftlich,Region geschäftlich,"
        "Postleitzahl geschäftlich,Land/Region geschäftlich,Straße privat,Ort privat,"
        "Fax geschäftlich,Telefon geschäftlich,Telefon geschäftlich 2,Mobiltelefon,"
        "Telefon (privat),E-Mail-Adresse,E-Mail-Typ,E-Mail: Angezeigter Name,E-Mail 2: Adresse,"
        "Geburtstag,Kategorien,Notizen,Webseite,Geschlecht,Priorität"
    ),
    "fr": (
        "Titre,Prénom,Deuxième prénom,Nom,Suffixe,Société,Service,Titre du poste,Rue (bureau),"
        "Rue (bureau) 2,Ville (bureau),Dép/Région (bureau),Code postal (bureau),"
        "Pays/Région (bureau),Rue (domicile),Ville (domicile),Télécopie (bureau),"
        "Téléphone (bureau),Téléphone 2 (bureau),Tél. mobile,Téléphone (domicile),"
        "Adresse de messagerie,Type de messagerie,Nom complet de l'adresse de messagerie,"
        "Adresse de messagerie 2,Anniversaire,Catégories,Notes,Page Web,Sexe,Priorité"
    ),
}
OUTLOOK_FIELDS = (
    "salutation first_name middle_name last_name suffix company department job_title "
    "address.street address.street address.city address.region address.postal_code "
    "address.country - - phones phones phones phones phones emails - - emails birthday tags "
    "description website - - "
)


@pytest.mark.parametrize("language", OUTLOOK)
def test_outlook_in_its_languages(language: str) -> None:
    found = list(mapped(OUTLOOK[language]).values())
    assert [one.target or "-" for one in found] == OUTLOOK_FIELDS.split()
    labels = [one.label for one in found if one.target == "phones"]
    assert labels == ["work fax", "work", "work", "mobile", "home"]
    assert [(one.part, one.glue) for one in found if one.target == "address.street"] == [
        (1, ""), (2, "\n"),
    ]  # fmt: skip


def test_an_address_with_values_beats_an_empty_one() -> None:
    header = "First Name,Business Street,Business City,Home Street,Home City,E-mail Address"
    found = mapped(header, "Ann,,,Hafen 1,Lindau,a@x.example")
    assert found["Home City"].target == "address.city"
    assert found["Business City"].target is None
    assert "one address" in found["Business City"].reason


def test_pipedrive() -> None:
    people = mapped(
        "Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile,"
        "Person - Owner,Person - Label,Person - ID"
    )
    assert list(fields_of(people).values()) == [
        "name", "company", "emails", "phones", "owner", "tags", "external_id",
    ]  # fmt: skip
    assert people["Person - Email - Work"].label == "work"
    deals = mapped(
        "Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Organization,"
        "Deal - Contact person,Deal - Pipeline,Deal - Stage,Deal - Expected close date,"
        "Deal - Lost reason,Deal - Probability,Deal - ID,Deal - Update time",
        fields=DEAL,
    )
    assert list(fields_of(deals).values()) == [
        "name", "amount", "amount.currency", "company", "people", "pipeline", "stage",
        "close_date", "lost_reason", "probability", "external_id",
    ]  # fmt: skip
    tasks = mapped(
        "Activity - Subject,Activity - Due date,Activity - Priority,Activity - Deal", fields=TASK
    )
    assert list(fields_of(tasks).values()) == ["subject", "due", "priority", "about"]


def test_hubspots_own_export() -> None:
    contacts = mapped(
        "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,"
        "Lifecycle Stage,Associated Company,Create Date,Last Activity Date,Job Title,City,"
        "State/Region,Postal Code,Country/Region,Website URL"
    )
    assert list(fields_of(contacts).values()) == [
        "external_id", "first_name", "last_name", "emails", "phones", "phones", "owner",
        "lifecycle", "company", "created_at", "job_title", "address.city", "address.region",
        "address.postal_code", "address.country", "website",
    ]  # fmt: skip
    companies = mapped(
        "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,"
        "Industry,Number of Employees,Annual Revenue,Company Domain Name",
        fields=COMPANY,
    )
    assert list(fields_of(companies).values()) == [
        "external_id", "name", "owner", "created_at", "phones", "address.city",
        "address.country", "industry", "employees", "annual_revenue", "website",
    ]  # fmt: skip
    deals = mapped(
        "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Associated Company,"
        "Associated Contact,Closed Lost Reason",
        fields=DEAL,
    )
    assert list(fields_of(deals).values()) == [
        "external_id", "name", "stage", "pipeline", "amount", "close_date", "owner", "company",
        "people", "lost_reason",
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.name for path in (DATA / "vcard").glob("*.*")))
def test_cards_of_every_program(name: str) -> None:
    standard = {
        "Name": "name", "Prefix": "salutation", "First Name": "first_name",
        "Middle Name": "middle_name", "Last Name": "last_name", "Suffix": "suffix",
        "Company": "company", "Department": "department", "Job Title": "job_title",
        "E-mail 1 - Value": "emails", "E-mail 2 - Value": "emails", "Phone 1 - Value": "phones",
        "Phone 2 - Value": "phones", "Address 1 - Street": "address.street",
        "Address 1 - City": "address.city", "Address 1 - Region": "address.region",
        "Address 1 - Postal Code": "address.postal_code", "Address 1 - Country": "address.country",
        "Website 1 - Value": "website", "Birthday": "birthday", "Language": "language",
        "Notes": "description", "Tags": "tags", "UID": "external_id",
    }  # fmt: skip
    with open_table(DATA / "vcard" / name) as table:
        found = suggest(table.columns, sample_columns(table), PERSON, "en")
    if name == "gmail-single.vcf":  # its first address is one line, the second is whole
        standard = {key.replace("Address 1", "Address 2"): to for key, to in standard.items()}
    expected = {column: standard[column] for column in table.columns if column in standard}
    assert expected
    assert {one.column: one.target for one in found if one.column in standard} == expected

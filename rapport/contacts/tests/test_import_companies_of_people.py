"""What a file of people or leads says of a company reaches the company, not the person."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rapport.contacts.models import Company, Person
from rapport.records.imports.drafting import draft, keep_upload
from rapport.records.imports.running import run_import
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="US")


def taken(name: str, text: str) -> ImportRun:
    place = keep_upload(SimpleUploadedFile("f.csv", text.encode()))
    return run_import(draft(HOUSE, name, "f.csv", place), HOUSE, CONTEXT)


def fields(run: ImportRun) -> dict[str, str]:
    return {one["column"]: one["field"] for one in run.assigned}


def test_columns_that_name_the_company_first_are_the_companys() -> None:
    run = taken(
        "person",
        "First name,Last name,City,Company,Company City,Company website,Industry,Employees\n"
        "Ada,Berg,Oslo,Acme,Lindau,acme.example,Tools,40\nBo,Vik,Bergen,Acme,,,,\n",
    )
    assert fields(run) == {
        "First name": "first_name", "Last name": "last_name", "City": "city", "Company": "company",
        "Company City": "company.city", "Company website": "company.website",
        "Industry": "company.industry", "Employees": "company.employees",
    }  # fmt: skip
    acme = Company.objects.get()
    assert (acme.name, acme.city, acme.industry, acme.employees) == ("Acme", "Lindau", "Tools", 40)
    assert set(Person.objects.values_list("city", "company")) == {
        ("Oslo", acme.pk), ("Bergen", acme.pk),
    }  # fmt: skip
    assert (run.created, run.partial) == (2, 0)


def test_a_second_address_or_page_of_a_person_is_nobodys() -> None:
    run = taken(
        "person",
        "First name,Last name,Home City,Business City,Website,Homepage,Company\n"
        "Ada,Berg,Oslo,Lindau,ada.example,berg.example,Acme\n",
    )
    assert not [field for field in fields(run).values() if field.startswith("company.")]
    assert not Company.objects.get().city


def test_a_lead_of_salesforce_brings_its_company_with_its_page_and_industry() -> None:
    run = taken(
        "lead",
        "Id,LastName,FirstName,Company,Website,Industry,NumberOfEmployees,City,IsConverted,OwnerId,"
        "CreatedById\n00Q1,Berg,Ada,Acme,acme.example,Tools,40,Oslo,false,005,005\n",
    )
    assert fields(run)["Website"] == "company.website"
    acme = Company.objects.get()
    assert (acme.name, acme.domain, acme.industry, acme.employees) == (
        "Acme", "acme.example", "Tools", 40,
    )  # fmt: skip
    assert (acme.city, Person.objects.get().city) == ("", "Oslo")
    assert Person.objects.get().company == acme


def test_the_industry_of_nobodys_company_comes_back() -> None:
    run = taken("person", "First name,Last name,Company,Industry\nAda,Berg,,Tools\n")
    assert (run.created, run.partial, Company.objects.count()) == (1, 1, 0)

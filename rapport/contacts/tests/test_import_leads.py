"""Files of leads: each row qualifies a person, who is found or made with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.contacts.models import Company, EmailAddress, Lead, Person, PhoneNumber
from rapport.kit.ids import uuid7
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.models import Change, ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
SALESFORCE = (
    "Lead ID,Salutation,First Name,Last Name,Title,Company / Account,Email,Phone,Mobile,Street,"
    "City,State/Province,Zip/Postal Code,Country,Lead Source,Lead Status,Rating,Lead Owner,"
    "Description\n"
)
ADA = (
    "00Q1,Ms.,Ada,Lovelace,Analyst,Acme,ada@acme.example,202 555 0143,202 555 0199,1 Main St,"
    "Springfield,IL,62701,United States,Web,Open - Not Contacted,Hot,,Wants a demo\n"
)
BOB = "00Q2,,Bob,Babbage,,Acme,,,,,,,,,Partner,Working - Contacted,Cold,,\n"


def take(
    text: str,
    *,
    policy: str = "update",
    dry: bool = False,
    by: Principal = HOUSE,
    name: str = "lead",
) -> ImportRun:
    """The file by its suggested mapping."""
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    run = draft(by, name, "leads.csv", place, policy=policy)
    run.is_dry_run = dry
    return run_import(run, by, context_for(by, currency="EUR", country="US"))


def tally(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.created, run.updated, run.skipped, run.failed, run.review


def test_each_column_goes_where_it_says() -> None:
    run = take(SALESFORCE + ADA)
    assert {one["column"]: one["field"] for one in run.assigned} == {
        "Lead ID": "external_id", "Salutation": "person.prefix", "First Name": "person.first_name",
        "Last Name": "person.last_name", "Title": "person.job_title",
        "Company / Account": "company", "Email": "person.emails", "Phone": "person.phones",
        "Mobile": "person.phones", "Street": "person.street", "City": "person.city",
        "State/Province": "person.region", "Zip/Postal Code": "person.postal_code",
        "Country": "person.country", "Lead Source": "source", "Lead Status": "status",
        "Rating": "rating", "Lead Owner": "owner", "Description": "interest",
    }  # fmt: skip


def test_a_lead_lands_with_its_person_and_company() -> None:
    run = take(SALESFORCE + ADA + BOB)
    assert tally(run) == (2, 0, 0, 0, 0), list(run.problems.values_list("reason", flat=True))
    assert run.related == 3
    lead = Lead.objects.get(external_id="00Q1")
    assert (lead.status, lead.rating, lead.source, lead.interest) == (
        "new", "hot", "Web", "Wants a demo",
    )  # fmt: skip
    ada = lead.person
    assert (ada.name, ada.prefix, ada.job_title, ada.city, ada.country) == (
        "Ada Lovelace", "Ms.", "Analyst", "Springfield", "US",
    )  # fmt: skip
    assert lead.company == ada.company == Company.objects.get()
    assert EmailAddress.objects.get().normalised == "ada@acme.example"
    labels = dict(PhoneNumber.objects.values_list("normalised", "label"))
    assert labels == {"+12025550143": "", "+12025550199": "mobile"}


def test_the_same_file_again_changes_nothing() -> None:
    take(SALESFORCE + ADA + BOB)
    changes = Change.objects.count()
    assert tally(take(SALESFORCE + ADA + BOB)) == (0, 0, 2, 0, 0)
    assert (Change.objects.count(), Person.objects.count()) == (changes, 2)


def test_a_person_who_is_here_is_not_doubled() -> None:
    take("First name,Last name,Email\nAda,Lovelace,ADA@acme.example\n", name="person")
    run = take(SALESFORCE + ADA)
    assert tally(run) == (1, 0, 0, 0, 0)
    ada = Person.objects.get()
    assert (Lead.objects.get().person, ada.job_title) == (ada, "Analyst")


def test_name_and_company_find_the_person_too() -> None:
    take("First name,Last name,Company\nBob,Babbage,ACME\n", name="person")
    take(SALESFORCE + BOB)
    assert Lead.objects.get().person == Person.objects.get()


def test_leads_of_one_person_in_one_file_share_the_person() -> None:
    head = "Lead ID,First Name,Last Name,Email,Lead Source\n"
    run = take(head + "1,Ada,Lovelace,a@x.example,Web\n2,Ada,Lovelace,a@x.example,Fair\n")
    assert tally(run) == (2, 0, 0, 0, 0)
    assert Person.objects.count() == 1


TWICE = (
    "Lead ID,First Name,Last Name,Email,Lead Source\n"
    "1,Ada,Lovelace,a@x.example,Web\n2,Ada,Lovelace,a@x.example,Fair\n"
)


def test_equal_columns_mean_one_person_who_is_here_already() -> None:
    take("First name,Last name,Email\nAda,Lovelace,a@x.example\n", name="person")
    assert tally(take(TWICE)) == (2, 0, 0, 0, 0)
    assert set(Lead.objects.values_list("person", flat=True)) == {Person.objects.get().pk}


def test_equal_columns_wait_together_where_they_may_mean_several() -> None:
    take("First name,Last name,Email\nAugusta,Lovelace,a@x.example\n", name="person")
    run = take(TWICE)
    assert tally(run) == (0, 0, 0, 0, 2)
    keys = [Person.objects.get().pk]
    assert [one.keys for one in run.problems.all()] == [keys, keys]


def test_a_bare_name_is_a_person() -> None:
    run = take("Name,Email,Company\nAda Lovelace,ada@acme.example,Acme\n")
    assert tally(run) == (1, 0, 0, 0, 0)
    ada = Person.objects.get()
    assert (ada.first_name, ada.last_name, ada.company.name) == ("Ada", "Lovelace", "Acme")


def test_a_list_of_nothing_but_names_is_a_list_of_people() -> None:
    run = take("Name\nAda Lovelace\nBob Babbage\n")
    assert tally(run) == (2, 0, 0, 0, 0)
    assert set(Person.objects.values_list("name", flat=True)) == {"Ada Lovelace", "Bob Babbage"}


def test_a_person_who_may_be_one_of_several_waits_for_a_word(client: Client) -> None:
    people = "First name,Last name,Email\nAda,Lovelace,ada@acme.example\n"
    take(people, name="person")
    run = take("First Name,Last Name,Email,Rating\nAugusta,Lovelace,ada@acme.example,Hot\n")
    assert tally(run) == (0, 0, 0, 0, 1)
    assert not Lead.objects.exists()
    ada, problem = Person.objects.get(), run.problems.get()
    assert (problem.asked, problem.keys) == ("person", [ada.pk])
    client.force_login(make_user())
    assert "It is Ada Lovelace" in client.get(f"/import/run/{run.pk}/review/").content.decode()
    client.post(f"/import/run/{run.pk}/review/{problem.pk}/", {"record": str(ada.pk)})
    run.refresh_from_db()
    assert tally(run) == (1, 0, 0, 0, 0)
    assert Lead.objects.get().person == ada
    assert EmailAddress.objects.count() == 1


def test_a_person_may_be_said_to_be_somebody_new(client: Client) -> None:
    take("First name,Last name,Email\nAda,Lovelace,ada@acme.example\n", name="person")
    run = take("First Name,Last Name,Email,Rating\nAugusta,Lovelace,ada@acme.example,Hot\n")
    client.force_login(make_user())
    client.post(f"/import/run/{run.pk}/review/{run.problems.get().pk}/", {"record": "new"})
    assert Person.objects.count() == 2
    assert Lead.objects.get().person.first_name == "Augusta"


@pytest.mark.parametrize(
    ("policy", "title"), [("update", "Countess"), ("fill", "Analyst"), ("skip", "Analyst")]
)
def test_what_happens_to_a_person_who_is_here(policy: str, title: str) -> None:
    take("First name,Last name,Email,Job title\nAda,Lovelace,a@x.example,Analyst\n", name="person")
    head = "First Name,Last Name,Email,Title,City,Rating\n"
    run = take(head + "Ada,Lovelace,a@x.example,Countess,Rome,Hot\n", policy=policy)
    assert tally(run) == (1, 0, 0, 0, 0)
    ada = Person.objects.get()
    assert (ada.job_title, ada.city) == (title, "" if policy == "skip" else "Rome")


def test_a_row_without_a_person_fails_alone() -> None:
    run = take("First Name,Last Name,Email,Rating\n,,,Hot\nAda,Lovelace,,Cold\n")
    assert tally(run) == (1, 0, 0, 1, 0)
    assert run.problems.get().reason == "Person can't be empty."


def test_what_the_person_is_known_by_must_be_right_and_the_rest_may_be_left_out() -> None:
    head = "First Name,Last Name,Email,Phone,Rating\n"
    run = take(head + "Ada,Lovelace,ada at acme,,Hot\nBob,Babbage,b@x.example,12,Hot\n")
    assert (*tally(run), run.partial) == (1, 0, 0, 1, 0, 1)
    reasons = list(run.problems.order_by("number").values_list("reason", flat=True))
    assert reasons == [
        "“ada at acme” has no @, so it is not an email address.",
        "Person: Phone: “12” is not a phone number.",
    ]


def test_who_may_add_no_people_makes_none() -> None:
    rights = {"*": Grant(*[Scope.ALL] * 7), "person": Grant(view=Scope.ALL, edit=Scope.ALL)}
    by = Principal("staff", make_user().pk, grants=rights)
    take("First name,Last name,Email\nAda,Lovelace,a@x.example\n", name="person")
    head = "First Name,Last Name,Email,Rating\n"
    run = take(head + "Ada,Lovelace,a@x.example,Hot\nBob,Babbage,b@x.example,Hot\n", by=by)
    assert tally(run) == (1, 0, 0, 1, 0)
    assert (Person.objects.count(), EmailAddress.objects.count()) == (1, 1)


def test_undo_takes_people_and_companies_back_too() -> None:
    run = take(SALESFORCE + ADA)
    assert run.change_set is not None
    undo(HOUSE, run.change_set, via="test")
    for model in (Lead, Person, Company):
        assert not model.objects.filter(deleted_at=None).exists()
    assert tally(take(SALESFORCE + ADA)) == (1, 0, 0, 0, 0)


def test_a_check_makes_nobody() -> None:
    assert tally(take(SALESFORCE + ADA + BOB, dry=True)) == (2, 0, 0, 0, 0)
    assert not Person.objects.exists()


def test_the_wizard_offers_and_previews_the_persons_columns(client: Client) -> None:
    client.force_login(make_user())
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SALESFORCE + ADA)
    run = draft(HOUSE, "lead", "leads.csv", place)
    page = client.get(f"/import/run/{run.pk}/").content.decode()
    assert '<option value="person.first_name" selected>Person: First name</option>' in page
    assert '<th scope="col">Person: First name</th>' in page
    assert '<td dir="auto">Lovelace</td>' in page


HEADED = {
    # Exports of leads, or of contacts that are kept as leads.
    "hubspot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,"
        "Company Name,Job Title,Original Source\n"
        "51,Ada,Lovelace,ada@acme.example,+1 202 555 0143,,Attempted to contact,2025-03-04 10:30,"
        "Acme,Analyst,Organic search\n"
        "52,Bob,Babbage,,,,Open deal,2025-03-05 11:00,Acme,,\n"
    ),
    "pipedrive": (
        "Lead - ID,Lead - Title,Lead - Owner,Person - Name,Person - Email - Work,"
        "Person - Phone - Mobile,Organization - Name\n"
        "L1,Mill,,Ada Lovelace,ada@acme.example,+1 202 555 0143,Acme\n"
        "L2,Loom,,Bob Babbage,,,Acme\n"
    ),
    "zoho": (
        "Lead Id,Salutation,First Name,Last Name,Designation,Company,Email,Mobile,Lead Source,"
        "Lead Status,City,Country\n"
        "z1,Ms.,Ada,Lovelace,Analyst,Acme,ada@acme.example,+1 202 555 0143,Web,Contacted,Rome,IT\n"
        "z2,,Bob,Babbage,,Acme,,,,,,\n"
    ),
    "es": (
        "Nombre,Apellidos,Cargo,Empresa,Correo electrónico,Móvil,Estado,Origen\n"
        "Ada,Lovelace,Analyst,Acme,ada@acme.example,+1 202 555 0143,nuevo,Web\n"
        "Bob,Babbage,,Acme,,,,\n"
    ),
}


@pytest.mark.parametrize("source", HEADED)
def test_leads_of_other_programs_land_whole_under_their_own_headings(source: str) -> None:
    run = take(HEADED[source])
    assert tally(run) == (2, 0, 0, 0, 0), list(run.problems.values_list("reason", flat=True))
    ada = Lead.objects.get(person__last_name="Lovelace")
    bob = Lead.objects.get(person__last_name="Babbage")
    assert (ada.person.first_name, bob.person.first_name) == ("Ada", "Bob")
    assert ada.company == bob.company == ada.person.company == Company.objects.get()
    assert EmailAddress.objects.get().party_id == ada.person_id
    assert PhoneNumber.objects.get().normalised == "+12025550143"
    if source != "pipedrive":
        assert ada.person.job_title == "Analyst"
    assert tally(take(HEADED[source])) == (0, 0, 2, 0, 0)
    assert Person.objects.count() == 2

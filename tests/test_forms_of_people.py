"""Forms of people, whose name may be typed whole or in parts."""

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import EmailAddress, Person
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


def test_a_whole_name_is_not_undone_by_the_empty_inputs_of_its_parts() -> None:
    web = signed_in(make_user())
    web.post("/people/new/", {"name": "Ada Berg", "first_name": "", "last_name": "", "suffix": ""})
    person = Person.objects.get()
    assert (person.first_name, person.last_name) == ("Ada", "Berg")


def test_a_company_is_found_by_its_web_domain_and_a_person_by_an_address() -> None:
    web = signed_in(make_user())
    company = create("company", name="Nordwind", website="https://www.nordwind.example/")
    web.post("/people/new/", {"name": "Ada Berg", "company": "nordwind.example"})
    ada = Person.objects.get()
    assert ada.company_id == company
    web.post(f"/people/{ada.pk}/edit/", {"_shown": "emails", "emails": "ada@berg.example"})
    assert EmailAddress.objects.get().party_id == ada.pk
    answer = web.post("/leads/new/", {"person": "Ada@Berg.example", "status": "new"})
    assert answer.status_code == 302


def test_a_label_changed_alone_is_a_change() -> None:
    web = signed_in(make_user())
    ada = create("person", first_name="Ada", emails="ada@berg.example")
    page = web.get(f"/people/{ada}/edit/").content.decode()
    seen = page.split('name="_seen" value="')[1].split('"')[0].replace("&quot;", '"')
    sent = {"_shown": "emails", "_seen": seen, "emails": "ada@berg.example"}
    web.post(f"/people/{ada}/edit/", sent | {"emails.label": ""})
    assert EmailAddress.objects.get().label == ""
    web.post(f"/people/{ada}/edit/", sent | {"emails.label": "home"})
    assert EmailAddress.objects.get().label == "home"

"""What the database and the model keep right on people and companies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.safestring import SafeString

from rapport.contacts.models import Company, Person
from rapport.contacts.parts.country import find_country
from rapport.contacts.parts.domains import domain_of
from rapport.contacts.queries import companies_with_domain
from rapport.records import registry
from rapport.records.access import titles
from rapport.records.changes.undo import undo
from rapport.records.kinds import Invalid
from rapport.records.store import Rejected, change
from rapport.records.store.errors import Doubled
from rapport.records.testing import HOUSE, create, found, reader, update
from rapport.ui.components import hue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.Stadtwerke-Lindau.example/kontakt", "stadtwerke-lindau.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("http://shop.example.com:8080", "shop.example.com"),
        ("", ""),
    ],
)
def test_a_domain_is_told_from_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_the_domain_follows_the_website_unless_it_is_given() -> None:
    key = create("company", name="Lindau", website="www.lindau.example/x")
    assert Company.objects.get(pk=key).domain == "lindau.example"
    update("company", key, website="https://stadtwerke.example")
    assert Company.objects.get(pk=key).domain == "stadtwerke.example"
    given = create("company", name="Other", website="https://x.example", domain="WWW.Other.example")
    assert Company.objects.get(pk=given).domain == "other.example"


def test_a_company_is_found_by_a_domain_within_its_own() -> None:
    key = create("company", name="Acme", website="acme.example")
    assert companies_with_domain(HOUSE, "mail.acme.example").get().pk == key
    assert not companies_with_domain(HOUSE, "notacme.example").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germany", "DE"),
        ("deutschland", "DE"),
        ("ALEMANIA", "DE"),
        ("Allemagne", "DE"),
        ("de", "DE"),
        ("USA", "US"),
        ("United States of America", "US"),
        ("日本", "JP"),
        ("Česko", "CZ"),
        (" united  kingdom ", "GB"),
    ],
)
def test_a_country_is_read_by_code_or_name(text: str, code: str) -> None:
    assert find_country(text) == code


def test_a_country_is_named_in_the_readers_language() -> None:
    kind = registry.get("person").fields["country"]
    assert kind.plain("DE", reader(language="es")) == "Alemania"
    assert kind.plain("DE", reader(language="en")) == "Germany"
    with pytest.raises(Invalid, match="not a country"):
        kind.parse("Atlantis", reader())
    assert '<option value="DE" selected>Alemania</option>' in kind.edit(
        "DE", reader(language="es"), SafeString()
    )


def test_people_are_found_by_country() -> None:
    key = create("person", first_name="Ada", country="Japan")
    create("person", first_name="Ben", country="DE")
    assert found("person", "country", "is", "JP") == {key}


def test_the_lifecycle_knows_since_when() -> None:
    key = create("person", first_name="Ada", lifecycle="lead")
    begun = Person.objects.get(pk=key).lifecycle_at
    assert begun is not None
    assert timezone.now() - begun < timedelta(minutes=1)
    update("person", key, job_title="Engineer")
    assert Person.objects.get(pk=key).lifecycle_at == begun
    update("person", key, lifecycle="")
    assert Person.objects.get(pk=key).lifecycle_at is None


def test_an_undo_puts_stage_and_moment_back() -> None:
    key = create("person", first_name="Ada", lifecycle="lead")
    with change(HOUSE, via="test"):
        long_ago = timezone.now() - timedelta(days=90)
        Person.objects.filter(pk=key).update(lifecycle_at=long_ago)
    made = update("person", key, lifecycle="customer")
    assert Person.objects.get(pk=key).lifecycle_at > long_ago
    _made, result = undo(HOUSE, made, via="test")
    person = Person.objects.get(pk=key)
    assert (person.lifecycle, person.lifecycle_at, result.conflicts) == ("lead", long_ago, [])


def test_a_tag_of_the_same_name_is_refused_with_a_sentence() -> None:
    create("tag", name="Überkunde")
    with pytest.raises(Doubled) as refused:
        create("tag", name="uberkunde")
    assert refused.value.fields == {"name": "There is a tag of that name already."}


def test_tags_hang_on_people_and_companies() -> None:
    tag = create("tag", name="Early")
    person = create("person", first_name="Ada", tags=[f"tag:{tag}"])
    create("company", name="Acme", tags=[f"tag:{tag}"])
    assert found("person", "tags", "any", f"tag:{tag}") == {person}


def test_a_tag_shows_in_the_colour_chosen_for_it() -> None:
    tags = [create("tag", name="Early", hue=3), create("tag", name="Late")]
    kind = registry.get("person").fields["tags"]
    here = reader()
    value = [("tag", key) for key in tags]
    here.titles = titles(HOUSE, value, "en")
    shown = kind.show(value, here)
    assert '<span class="tag hue-3">Early</span>' in shown
    assert f'<span class="tag {hue(tags[1])}">Late</span>' in shown


def test_a_relation_to_nobody_is_refused_with_a_sentence() -> None:
    with pytest.raises(Rejected) as refused:
        create("person", first_name="Ada", company="01a201f6-c4e3-75d5-8904-2f26cf922626")
    assert refused.value.fields == {"company": "Company names a record that is not there."}


def test_a_lead_is_named_after_its_person() -> None:
    person = create("person", name="Giulia Pedrazzini")
    lead = create("lead", person=person, rating="hot")
    assert titles(HOUSE, [("lead", lead)], "en")[lead].text == "Giulia Pedrazzini"
    assert found("lead", "name", "contains", "pedraz") == {lead}

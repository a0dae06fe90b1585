"""E-mail addresses and phone numbers: read, compared, kept as rows and asked for."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.contacts.models import EmailAddress, Party, Person, PhoneNumber
from rapport.contacts.parts.email_text import normalise_email
from rapport.contacts.parts.emails import Emails
from rapport.contacts.parts.phone_text import read_phone
from rapport.contacts.queries import parties_with_email, parties_with_phone
from rapport.records import access, registry
from rapport.records.changes.history import history_of
from rapport.records.changes.undo import undo
from rapport.records.declare import Object
from rapport.records.kinds import Invalid
from rapport.records.reading import fetch_one
from rapport.records.searching import matches
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, found, read, reader, update


def person_object() -> type[Object]:
    return registry.get("person")


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        (" Ada Lovelace <ada@example.com> ", "ada@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("mailto:ada+x@example.com", "ada+x@example.com"),
        ("o'hara@sub.example.co.uk", "o'hara@sub.example.co.uk"),
    ],
)
def test_addresses_are_compared_in_one_form(typed: str, normalised: str) -> None:
    assert normalise_email(typed) == normalised


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ada", "has no @"),
        ("ada@", "lacks"),
        ("k.vogl@stadtwerke-lindau", "no ending such as .com"),
        ("a b@example.com", "can't be an email address"),
        ("ada@@example.com", "can't be an email address"),
        ("ada@-example.com", "can't be an email address"),
    ],
)
def test_impossible_addresses_end_in_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        normalise_email(typed)


@pytest.mark.parametrize(
    ("typed", "country", "e164", "extension"),
    [
        ("08382 704112", "DE", "+498382704112", ""),
        ("+49 160 5550 1184", "", "+4916055501184", ""),
        ("0049 8382 704112", "ES", "+498382704112", ""),
        ("(415) 555-0132 ext. 7", "US", "+14155550132", "7"),
        ("tel:+34-612-345-678", "", "+34612345678", ""),
    ],
)
def test_numbers_are_kept_in_the_international_form(
    typed: str, country: str, e164: str, extension: str
) -> None:
    number = read_phone(typed, country)
    assert (number.e164, number.extension) == (e164, extension)


@pytest.mark.parametrize(
    ("typed", "country", "words"),
    [
        ("08382 704112", "", "no country code"),
        ("call me", "DE", "not a phone number"),
        ("+999 12345678", "DE", "country code that does not exist"),
        ("1" * 40, "DE", "too long|not a phone number"),
    ],
)
def test_impossible_numbers_end_in_a_sentence(typed: str, country: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_phone(typed, country)


@pytest.mark.django_db
def test_a_party_comes_with_its_person_and_owns_the_ways() -> None:
    key = create("person", name="Ada", emails="Ada@X.example; ada@y.example", phones="08382 704112")
    assert Party.objects.get(pk=key).object == "person"
    rows = EmailAddress.objects.filter(party_id=key).order_by("position")
    assert [(row.value, row.normalised, row.is_primary) for row in rows] == [
        ("Ada@X.example", "ada@x.example", True),
        ("ada@y.example", "ada@y.example", False),
    ]
    assert PhoneNumber.objects.get(party_id=key).normalised == "+498382704112"
    assert read("person", key, "emails")[0]["value"] == "Ada@X.example"


@pytest.mark.django_db
def test_two_people_may_share_an_address() -> None:
    keys = {create("person", name=name, emails="info@x.example") for name in ("Ada", "Ben")}
    assert parties_with_email(["info@x.example"]) == {"info@x.example": keys}
    assert parties_with_phone(["+1"]) == {}


@pytest.mark.django_db
def test_one_address_twice_is_one_row() -> None:
    key = create("person", emails="ada@x.example; ADA@x.example")
    assert EmailAddress.objects.filter(party_id=key).count() == 1


@pytest.mark.django_db
def test_rows_that_stay_keep_their_key_and_the_rest_is_replaced() -> None:
    key = create("person", emails="a@x.example; b@x.example")
    kept = EmailAddress.objects.get(normalised="b@x.example").pk
    update(
        "person", key, emails=[{"value": "b@x.example", "primary": True}, {"value": "c@x.example"}]
    )
    rows = EmailAddress.objects.filter(party_id=key).order_by("position")
    assert [(row.normalised, row.is_primary) for row in rows] == [
        ("b@x.example", True),
        ("c@x.example", False),
    ]
    assert rows[0].pk == kept


@pytest.mark.django_db
def test_changes_of_addresses_are_in_the_history_and_can_be_undone() -> None:
    key = create("person", name="Ada", emails="a@x.example")
    made = update("person", key, emails="b@x.example")
    kinds = {(entry.object, entry.kind) for entry in history_of(HOUSE, "person", key)}
    assert {("email", "create"), ("email", "delete")} <= kinds
    undo(HOUSE, made, via="test")
    assert [way["value"] for way in read("person", key, "emails")] == ["a@x.example"]


@pytest.mark.django_db
def test_a_page_of_addresses_is_one_statement() -> None:
    keys = [create("person", emails=f"p{number}@x.example") for number in range(3)]
    with CaptureQueriesContext(connection) as queries:
        fetch_one(Emails("Email"), HOUSE, keys)
    assert len(queries) == 1


@pytest.mark.django_db
def test_people_are_found_by_address_and_number() -> None:
    ada = create("person", emails="ada@x.example", phones="08382 704112")
    ben = create("person", emails="ben@y.example")
    nobody = create("person", name="Nobody")
    assert found("person", "emails", "is", "ADA@x.example") == {ada}
    assert found("person", "emails", "contains", "@Y.") == {ben}
    assert found("person", "emails", "any", "ada@x.example,ben@y.example") == {ada, ben}
    assert found("person", "emails", "empty") == {nobody}
    assert found("person", "emails", "filled") == {ada, ben}
    assert found("person", "phones", "is", "08382/704112") == {ada}
    assert found("person", "phones", "contains", "704112") == {ada}
    assert found("person", "phones", "empty") == {ben, nobody}


@pytest.mark.django_db
def test_addresses_show_as_links_and_export_as_they_are_read() -> None:
    key = create("person", emails="ada@x.example; o'b@x.example", phones="+34 612345678")
    kinds, here = person_object().fields, reader("DE")
    shown = kinds["emails"].show(read("person", key, "emails"), here)
    assert 'href="mailto:ada@x.example"' in shown
    assert "o&#x27;b@x.example" in shown
    text = kinds["emails"].export(read("person", key, "emails"), here)
    assert text == "ada@x.example;o'b@x.example"
    assert [way["value"] for way in kinds["emails"].parse(text, here)] == text.split(";")
    phones = read("person", key, "phones")
    assert 'href="tel:+34612345678"' in kinds["phones"].show(phones, here)
    assert kinds["phones"].plain(phones, reader("ES")) == "612 34 56 78"
    again = kinds["phones"].parse(kinds["phones"].export(phones, here), here)
    assert again[0]["normalised"] == "+34612345678"


def test_the_inputs_bring_back_what_they_showed() -> None:
    kind, here = person_object().fields["emails"], reader()
    ways = kind.parse([{"value": "a@x.example", "label": "Work"}, "b@x.example"], here)
    html = kind.edit(ways, here, SafeString('id="f" name="emails"'))
    assert html.count('type="email"') == 3
    assert html.count('id="f"') == 1
    data = QueryDict(mutable=True)
    data.setlist("emails", ["a@x.example", "b@x.example", ""])
    data.setlist("emails.label", ["work", "", "home"])
    assert kind.parse(kind.posted(data, "emails"), here) == ways


@pytest.mark.django_db
def test_removing_a_person_for_good_takes_the_party_and_its_ways() -> None:
    key = create("person", emails="ada@x.example")
    with change(HOUSE, via="test"):
        Person.objects.filter(pk=key)._raw_delete("default")
    assert not Party.objects.filter(pk=key).exists()
    assert not EmailAddress.objects.exists()


@pytest.mark.django_db
def test_who_may_not_edit_the_person_may_not_undo_a_change_of_addresses() -> None:
    key = create("person", emails="a@x.example")
    made = update("person", key, emails="b@x.example")
    reader_only = Principal("staff", None, grants={"*": Grant(view=Scope.ALL)})
    with pytest.raises(access.Denied):
        undo(reader_only, made, via="test")
    assert [way["value"] for way in read("person", key, "emails")] == ["b@x.example"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("q", "is_found"),
    [
        ("ADA@x", True),
        ("x.example", True),
        ("ad", True),
        ("704112", True),
        ("08382/704112", True),
        ("ada x", False),
        ("70 people", False),
        ("+34", False),
    ],
)
def test_a_search_finds_addresses_and_numbers(q: str, is_found: bool) -> None:
    key = create("person", first_name="Z", emails="ada@x.example", phones="08382 704112")
    rows = access.rows(HOUSE, "person").filter(matches(person_object(), q))
    assert list(rows.values_list("pk", flat=True)) == ([key] if is_found else [])

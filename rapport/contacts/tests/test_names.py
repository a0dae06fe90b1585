"""Full names: put together by the database, taken apart when typed."""

from __future__ import annotations

import pytest

from rapport.contacts.models import Person
from rapport.contacts.parts.full_name import NameParts, split_name
from rapport.records.testing import create, update


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Katharina Vogl", NameParts("", "Katharina", "", "Vogl")),
        ("Vogl, Katharina", NameParts("", "Katharina", "", "Vogl")),
        ("Dr. Ada King Lovelace", NameParts("Dr.", "Ada", "King", "Lovelace")),
        ("Daan de Wit", NameParts("", "Daan", "", "de Wit")),
        ("María de la Cruz Pérez", NameParts("", "María", "", "de la Cruz Pérez")),
        ("Ludwig van Beethoven Jr.", NameParts("", "Ludwig", "", "van Beethoven", "Jr.")),
        ("John Smith, PhD", NameParts("", "John", "", "Smith", "PhD")),
        ("Cher", NameParts("", "Cher")),
        ("田中 美咲", NameParts("", "美咲", "", "田中")),
        ("田中美咲", NameParts("", "中美咲", "", "田")),
        ("한지우", NameParts("", "지우", "", "한")),
        ("  ", NameParts()),
        (",", NameParts()),
    ],
)
def test_a_name_is_taken_apart_as_people_write_it(typed: str, parts: NameParts) -> None:
    assert split_name(typed) == parts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "middle", "last", "full"),
    [
        ("Ada", "King", "Lovelace", "Ada King Lovelace"),
        ("Ada", "", "", "Ada"),
        (" Ada ", "", "  Lovelace", "Ada Lovelace"),
        ("美咲", "", "田中", "田中美咲"),
        ("지우", "", "한", "한지우"),
        ("ليلى", "", "الحداد", "ليلى الحداد"),
        ("Misaki", "", "田中", "Misaki 田中"),
        ("", "", "", ""),
    ],
)
def test_the_database_spells_the_full_name(first: str, middle: str, last: str, full: str) -> None:
    key = create("person", first_name=first, middle_name=middle, last_name=last)
    assert Person.objects.get(pk=key).name == full


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Ada King Lovelace", "田中美咲", "Daan de Wit", "Cher"])
def test_typing_a_full_name_sets_its_parts(typed: str) -> None:
    key = create("person", name=typed)
    assert Person.objects.get(pk=key).name == typed


@pytest.mark.django_db
def test_a_new_name_keeps_the_title_unless_it_brings_one() -> None:
    key = create("person", name="Dr. Ada Lovelace")
    update("person", key, name="Ada Byron")
    person = Person.objects.get(pk=key)
    assert (person.prefix, person.name) == ("Dr.", "Ada Byron")

"""Conditions told in words, as chips and segments show them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from rapport.accounts.principals import ALL_GRANTED, Principal
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.conditions import from_text, sentence, to_text
from rapport.records.kinds.base import Context
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db
SPAIN = Context(Principal("service", grants={"*": ALL_GRANTED}, language="es"), language="es")


def said(text: str, name: str = "company", context: Context | None = None) -> str:
    reader = context or context_for(HOUSE)
    declaration = registry.get(name)
    condition = from_text(text, declaration, reader)
    return sentence(condition, declaration, reader)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("city:Madrid", "City is Madrid"),
        ("city:Madrid,Lyon", "City is Madrid or Lyon"),
        ("city!=Madrid", "City is not Madrid"),
        ("city:empty lifecycle:lead", "City is empty and Lifecycle is Lead"),
        ("employees>10", "Staff is over 10"),
        ("created:last_30_days", "Created is within the last 30 days"),
        (
            "city:Madrid deals:(amount>10000)",
            "City is Madrid and has deals whose amount is over €10,000",
        ),
        ("-deals:(state:open)", "has no deals whose state is Open"),
        ("deals:()", "has deals"),
        ("-deals:()", "has no deals"),
        ("deals.amount>5", "has deals whose amount is over €5"),
        ("parent.city:Madrid", "City of part of is Madrid"),
        ("count(deals)>3", "number of deals is over 3"),
        (
            "sum(deals.amount where state:won)>=5",
            "sum of amount of deals (state is Won) is at least 5",
        ),
        (
            "latest(activities.at)<last_14_days",
            "latest when of activities is before the last 14 days",
        ),
        ("city:a or (city:b employees>5)", "City is a or (City is b and Staff is over 5)"),
        ("-(city:a or city:b)", "not (City is a or City is b)"),
        (
            "changed(city from Madrid to Lyon during last_7_days)",
            "City was changed from Madrid to Lyon within the last 7 days",
        ),
        ("changed(owner)", "Owner was changed"),
        (
            "was(city:Madrid during last_year)",
            "at some time: City is Madrid within last year",
        ),
        ("people:(company.city:Madrid)", "has people whose city of company is Madrid"),
    ],
)
def test_conditions_are_told_in_words(text: str, words: str) -> None:
    assert said(text) == words


def test_they_are_told_in_spanish() -> None:
    with override("es"):
        assert said("city:Madrid employees>10", context=SPAIN) == (
            "Ciudad es Madrid y Plantilla es más de 10"
        )
        assert said("-deals:(state:open) deals:()", context=SPAIN) == (
            "no tiene negocios donde estado es Abierto y tiene negocios"
        )
        assert said("city:a,b changed(city to x during today)", context=SPAIN) == (
            "Ciudad es a o b y Ciudad se cambió a x, en: hoy"
        )


def test_records_named_by_key_are_told_by_name() -> None:
    hall = create("room", name="Hall")
    ada = make_user(name="Ada Lovelace")
    me = Principal("staff", ada.pk, grants={"*": ALL_GRANTED}, team_user_ids=(ada.pk,))
    reader = context_for(me)
    assert said(f"parent:{hall} owner:{ada.pk}", "room", reader) == (
        "Part of is Hall and Owner is Ada Lovelace"
    )
    assert said("owner:me,my_team", "room", reader) == "Owner is me or my team"
    blind = Principal("staff", grants={"room": me.grants["*"]})
    assert said(f"neighbours:{hall}", "room", context_for(blind)) == "Neighbours is Hall"


def test_a_list_shows_typed_conditions_as_chips_that_can_go() -> None:
    user = make_user()
    browser = signed_in(user)
    hall = create("room", name="Hall", seats="9")
    create("room", name="Blue room", seats="4", parent=str(hall))
    create("room", name="Blue hall", seats="9")
    page = browser.get("/rooms/", {"q": "blue seats<9 parent.name:hall"}).content.decode()
    assert "Blue room" in page
    assert "Blue hall" not in page
    assert "Name of part of is hall" in page
    assert 'value="blue"' in page
    assert "q=blue" in page
    again = browser.get("/rooms/", {"q": "blue", "where": "seats<9"}).content.decode()
    assert "Blue room" in again
    assert "Blue hall" not in again
    refused = browser.get("/rooms/", {"q": "seats>many"}).content.decode()
    assert "is not a number" in refused


def test_a_written_condition_survives_the_addresses_of_a_page() -> None:
    user = make_user()
    browser = signed_in(user)
    hall = create("room", name="Hall", seats="9")
    for number in range(60):
        create("room", name=f"Small {number:02}", seats=str(number % 5), parent=str(hall))
    page = browser.get("/rooms/", {"where": "count(rooms):0 parent.seats:9"}).content.decode()
    assert "60</b>" in page
    links = [part.partition('"')[0] for part in page.split('href="')]
    further = next(one.replace("&amp;", "&") for one in links if "after=" in one)
    second = browser.get(further).content.decode()
    assert "Small 55" in second
    assert "Hall</a>" not in second
    text = to_text(
        from_text("count(rooms):0", registry.get("room"), context_for(HOUSE)),
        registry.get("room"),
        context_for(HOUSE),
    )
    assert text == "count(rooms):0"

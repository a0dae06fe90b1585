"""Fields that matter only sometimes, that must be filled only sometimes, choices that depend."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import CustomField
from rapport.records.store import change
from rapport.records.store.errors import Rejected
from rapport.records.testing import HOUSE, create, read, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
ROUND = {"field": "shape", "op": "is", "value": "round"}
LARGE = {"field": "seats", "op": "gt", "value": 10}


def cities() -> list[dict[str, Any]]:
    return [
        {"key": "madrid", "label": {"en": "Madrid"}, "for": ["es"]},
        {"key": "berlin", "label": {"en": "Berlin"}, "for": ["de"]},
        {"key": "remote", "label": {"en": "Remote"}},
    ]


def test_a_field_that_must_be_filled_at_times_is_asked_for_then() -> None:
    make_field("text", "permit", required_when=LARGE)
    small = create("room", name="Small", seats=4)

    with pytest.raises(Rejected) as refused:
        create("room", name="Large", seats=40)
    assert list(refused.value.fields) == ["permit"]
    create("room", name="Large", seats=40, permit="P1")
    with pytest.raises(Rejected):
        update("room", small, seats=40)
    update("room", small, seats=40, permit="P2")
    with pytest.raises(Rejected):
        update("room", small, permit="")
    with pytest.raises(Rejected), change(HOUSE, via="test") as made:
        made.update_many("room", [small], {"permit": ""})


def test_a_field_that_has_no_place_is_neither_set_nor_asked_for() -> None:
    make_field("text", "permit", visible_when=LARGE, required_when=LARGE)
    room = create("room", name="Small", seats=4)

    with pytest.raises(Rejected):
        update("room", room, permit="Permit 1 of 2")
    update("room", room, seats=40, permit="Permit 1 of 2")
    update("room", room, seats=4)
    assert read("room", room, "permit") == "Permit 1 of 2"
    assert "Permit 1 of 2" not in signed_in(make_user()).get(f"/rooms/{room}/").content.decode()


def test_choices_depend_on_another_choice() -> None:
    make_field("choice", "country_own", options=[
        {"key": "es", "label": {"en": "Spain"}}, {"key": "de", "label": {"en": "Germany"}},
    ])  # fmt: skip
    make_field("choice", "site", options=cities(), controlled_by="country_own")

    room = create("room", name="A", country_own="es", site="madrid")
    with pytest.raises(Rejected) as refused:
        update("room", room, country_own="de")
    assert list(refused.value.fields) == ["site"]
    update("room", room, country_own="de", site="berlin")
    update("room", room, site="remote")


def test_a_form_is_told_what_matters_and_sends_the_rest_in_vain() -> None:
    make_field("text", "permit", visible_when=LARGE, required_when=LARGE)
    make_field("choice", "kind_own")
    make_field("choice", "site", options=[{"key": "a", "label": {"en": "A"}, "for": ["small"]}],
               controlled_by="kind_own")  # fmt: skip
    web = signed_in(make_user())
    assert 'data-asks-url="/rooms/asked/"' in web.get("/rooms/new/").content.decode()

    shown = {"_shown": "name,seats,permit,kind_own,site"}
    told = web.post("/rooms/asked/", {**shown, "seats": "4", "kind_own": "large"}).json()
    assert told == {"hidden": ["permit"], "required": [], "choices": {"site": []}}
    told = web.post("/rooms/asked/", {**shown, "seats": "40", "kind_own": "small"}).json()
    assert told == {"hidden": [], "required": ["permit"], "choices": {"site": ["a"]}}
    sent = {"name": "A", "seats": "4", "permit": "P1", "_shown": "name,seats,permit"}
    assert web.post("/rooms/new/", sent).status_code in (200, 303, 302)
    refused = web.post("/rooms/new/", {**sent, "seats": "40", "permit": ""})
    assert refused.status_code == 422
    assert "can&#x27;t be empty here" in refused.content.decode()


def test_rules_are_written_as_people_write_conditions() -> None:
    web = signed_in(make_user())
    sent = {"label_en": "Permit", "personal": "none", "visible_when": "seats>10"}
    assert web.post("/setup/fields/room/new/text/", sent).status_code == 302
    row = CustomField.objects.get()
    assert row.visible_when == {"field": "seats", "op": "gt", "value": "10"}
    assert "seats&gt;10" in web.get(f"/setup/fields/{row.pk}/").content.decode()
    for wrong in ("seatz>10", "permit:x", "-activities:(at:last_14_days)"):
        answer = web.post(f"/setup/fields/{row.pk}/", {**sent, "visible_when": wrong})
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"visible_when"}


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ({"visible_when": {"field": "nothing", "op": "is", "value": "x"}}, "visible_when"),
        ({"visible_when": {"field": "fine", "op": "is", "value": "x"}}, "visible_when"),
        ({"visible_when": LARGE, "required": True}, "required"),
        ({"kind": "choice", "options": cities(), "controlled_by": "name"}, "controlled_by"),
        ({"kind": "choice", "options": cities(), "controlled_by": "shape"}, "options"),
    ],
)
def test_a_rule_that_can_not_be_is_refused(facts: dict[str, Any], at: str) -> None:
    make_field("text", "other")
    with pytest.raises(Rejected) as refused:
        make_field(**{"kind": "text", "name": "fine", **facts})
    assert at in refused.value.fields

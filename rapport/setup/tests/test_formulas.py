"""Administrators write formulas in the browser and see what they give while they type."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.models import CustomField, Rollup
from rapport.records.testing import create, read
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
SAY = "/setup/fields/room/formula/"
NEW = "/setup/fields/room/new/formula/"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def said(web: Client, text: str, **more: str) -> str:
    return web.post(SAY, {"formula": text, **more}).content.decode()


def test_a_formula_is_tried_on_real_records_while_it_is_typed(web: Client) -> None:
    hall = create("room", name="Hall", seats="7", price="10.50 EUR")

    shown = said(web, "seats / 2", places="1")
    assert "It gives a number" in shown
    assert ">3.5<" in shown
    assert "Hall" in shown
    assert "€21" in said(web, "price * 2")
    assert "35" in said(web, "seats / 20", **{"as": "percent"})
    assert "changes with the day" in said(web, "days_between(created_at, today())")
    create("room", name="Wing", parent=str(hall))
    counted = said(web, "count(rooms) + 41")
    assert "counted anew" in counted
    assert ">42<" in counted
    assert not Rollup.objects.exists()
    assert not CustomField.objects.exists()


def test_a_fault_is_marked_at_its_place(web: Client) -> None:
    shown = said(web, 'if(seats > 1, "<b>", seatz)')

    assert '<span class="bug">seatz</span>' in shown
    assert "Did you mean “seats”?" in shown
    assert "&lt;b&gt;" in shown
    for text in ("", "(" * 900, "1" * 5000, "\x00", "seats" * 500):
        assert web.post(SAY, {"formula": text, "places": "x", "as": "?"}).status_code == 200


def test_a_formula_is_made_changed_and_refused_with_its_text_kept(web: Client) -> None:
    given = {"label_en": "Double", "label_es": "Doble", "formula": "[Seats] * 2", "places": "0"}
    assert "Fields and functions" in web.get(NEW).content.decode()
    assert web.post(NEW, given).status_code == 302
    row = CustomField.objects.get()
    assert row.formula == {"text": "seats * 2", "places": 0, "as": "", "gives": "number"}
    room = create("room", name="Hall", seats="7")
    assert read("room", room, "double") == 14

    page = f"/setup/fields/{row.pk}/"
    assert "seats * 2" in web.get(page).content.decode()
    refused = web.post(page, given | {"formula": "double + 1"})
    assert refused.status_code == 422
    assert "can&#x27;t use itself" in refused.content.decode()
    assert "double + 1" in refused.content.decode()
    assert "itself" in said(web, "double + 1", own_name="double")
    assert web.post(page, given | {"formula": "seats * 3"}).status_code == 302
    assert read("room", room, "double") == 21
    assert str(registry.get("room").fields["double"].label) == "Double"


def test_only_administrators_may(web: Client) -> None:
    member = signed_in(make_user("Max Member", "member"))

    assert member.post(SAY, {"formula": "seats"}).status_code == 403
    assert member.get(NEW).status_code == 403


def test_trying_shows_nobody_what_he_may_not_read(web: Client) -> None:
    make_field("text", "secret", readers=["owner"])
    create("room", name="Hall", secret="Bluebird")
    manager = signed_in(make_user("Mia Manager", "manager"))

    assert "Bluebird" in said(web, 'secret & "!"')
    shown = said(manager, 'secret & "!"')
    assert "It gives a text" in shown
    assert "Bluebird" not in shown
    assert "Hall" not in shown

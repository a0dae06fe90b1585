"""Administrators make, change and remove locks; the one that is offered is off until they do."""

import pytest
from django.test import Client

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.models import RecordLock
from rapport.records.store import Locked
from rapport.records.testing import create, read, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
ROOMS = "/setup/fields/room/locks/"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_the_offered_lock_of_won_deals_is_off_until_somebody_takes_it(web: Client) -> None:
    by = principal_of(make_user("Max Muster", "manager"))
    pipeline = create("pipeline", label={"en": "Sales"})
    won = create("stage", label={"en": "Won"}, pipeline=str(pipeline), state="won")
    opened = create("stage", label={"en": "New"}, pipeline=str(pipeline), state="open")
    deal = create("deal", name="Tower", stage=str(opened), amount="10 EUR")
    update("deal", deal, by, amount="20 EUR", stage=str(won))
    update("deal", deal, by, amount="30 EUR")

    assert "Won deals" in web.get("/setup/fields/deal/locks/").content.decode()
    form = web.get("/setup/fields/deal/locks/new/?offered=0").context["form"]
    assert form.initial["fields"] == ["amount", "currency", "close_date", "closed_at"]
    shown = {name: value for name, value in form.initial.items() if value}
    assert web.post("/setup/fields/deal/locks/new/", shown).status_code == 302
    assert RecordLock.objects.get().condition["value"] == "won"
    with pytest.raises(Locked, match="Move it back to an open stage first"):
        update("deal", deal, by, amount="40 EUR")
    with pytest.raises(Locked):
        update("deal", deal, by, currency="USD")
    update("deal", deal, by, stage=str(opened))
    update("deal", deal, by, amount="40 EUR")
    assert read("deal", deal, "amount")[0] == 40


def test_a_lock_is_changed_and_removed(web: Client) -> None:
    sent = {"name_en": "Round", "condition": "shape:round", "fields": ["seats"]}
    web.post(f"{ROOMS}new/", sent)
    row = RecordLock.objects.get()
    changed = {**sent, "name_es": "Redondas", "fields": [], "editors": ["manager"]}
    assert web.post(f"/setup/locks/{row.pk}/", changed).status_code == 302

    row.refresh_from_db()
    assert (row.name, row.fields) == ({"en": "Round", "es": "Redondas"}, [])
    assert "The whole record" in web.get(ROOMS).content.decode()
    web.post(f"/setup/locks/{row.pk}/remove/")
    assert not RecordLock.objects.exists()
    assert web.get("/setup/security/").status_code == 200


@pytest.mark.parametrize(
    ("condition", "name"),
    [("", "A"), ("seats>", "A"), ("neighbours:any", "A"), ("demand>1", "A"), ("seats>1", "")],
)
def test_what_can_not_be_tested_on_the_record_is_said_where_it_was_typed(
    web: Client, condition: str, name: str
) -> None:
    answer = web.post(f"{ROOMS}new/", {"name_en": name, "condition": condition, "fields": "seats"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"condition" if name else "name_en"}
    assert not RecordLock.objects.exists()


def test_a_field_that_a_lock_uses_stays(web: Client) -> None:
    field = make_field("text", "signed")
    web.post(f"{ROOMS}new/", {"name_en": "Signed", "condition": "signed:yes", "fields": "seats"})

    answer = web.post(f"/setup/fields/{field.pk}/remove/")
    assert answer.status_code == 422
    assert "Signed" in answer.content.decode()

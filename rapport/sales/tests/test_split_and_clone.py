"""Whose work a deal is, in shares; and deals that are made like others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from rapport.accounts.actions import create_user
from rapport.accounts.models import User
from rapport.records.changes.undo import undo
from rapport.records.kinds import Invalid
from rapport.records.testing import HOUSE, create, found, read, update
from rapport.sales.actions import clone_deal, move_deal
from rapport.sales.models import Deal, Stage

pytestmark = pytest.mark.django_db


def user(name: str) -> User:
    return create_user(
        email=f"{name.lower()}@firm.example", name=name, password=None, role="member"
    )


def test_a_deal_is_all_its_owners_until_it_is_shared() -> None:
    ida, jon = user("Ida"), user("Jon")
    deal = create("deal", name="Rollout", owner=str(ida.pk))
    assert [(row["user"], row["share"]) for row in read("deal", deal, "split")] == [(ida.pk, 100)]
    shares = [{"user": str(ida.pk), "share": "60"}, {"user": str(jon.pk), "share": "40"}]
    shared = update("deal", deal, split=shares)
    assert [row["share"] for row in read("deal", deal, "split")] == [Decimal(60), Decimal(40)]
    other = create("deal", name="Other", owner=str(jon.pk))
    assert found("deal", "split", "is", str(jon.pk)) == {deal, other}
    undo(HOUSE, shared, via="test")
    assert found("deal", "split", "is", str(jon.pk)) == {other}


@pytest.mark.parametrize(
    ("shares", "why"), [(("60", "30"), "100 % together; these make 90 %"), (("100", "0"), "0 %")]
)
def test_shares_that_do_not_make_a_whole_are_refused(shares: tuple[str, str], why: str) -> None:
    rows = [
        {"user": str(user(name).pk), "share": share}
        for name, share in zip(("Ida", "Jon"), shares, strict=True)
    ]
    with pytest.raises(Invalid, match=why):
        create("deal", name="Rollout", split=rows)


def test_a_clone_begins_anew_with_the_parts_that_were_asked_for() -> None:
    person = create("person", first_name="Ada")
    deal = create(
        "deal", name="Rollout", amount="900 USD", external_id="7", source="Fair",
        people=[{"person": str(person), "role": "champion"}], competitors=[{"name": "Sensorix"}],
    )  # fmt: skip
    create("task", subject="Call them", about=[f"deal:{deal}"])
    move_deal(HOUSE, [deal], {"stage": Stage.objects.get(label__en="Propose").pk})
    parts = {"with_competitors": False, "with_next_steps": True}
    made = clone_deal(HOUSE, [deal], parts)
    clone = Deal.objects.get(name="Rollout (copy)")
    assert made.url == f"/deals/{clone.pk}/"
    assert (clone.amount, clone.currency, clone.source) == (900, "USD", "Fair")
    assert (clone.stage.label["en"], clone.external_id) == ("Qualify", "")
    assert [row["person"] for row in read("deal", clone.pk, "people")] == [person]
    assert read("deal", clone.pk, "competitors") == []
    assert read("deal", clone.pk, "next_step") is not None
    undo(HOUSE, made.id, via="test")
    assert Deal.objects.get(pk=clone.pk).deleted_at is not None


def test_the_page_leads_to_the_clone(client: Client) -> None:
    owner = create_user(email="ida@firm.example", name="Ida", password=None, role="owner")
    client.force_login(owner)
    deal = create("deal", name="Rollout")
    answer = client.post(f"/deals/{deal}/actions/clone/", {"name": "Line 4", "with_people": "true"})
    assert answer["Location"] == f"/deals/{Deal.objects.get(name='Line 4').pk}/"

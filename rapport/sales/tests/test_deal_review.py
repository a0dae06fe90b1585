"""What makes an open deal worth a look, for whom, and the page and the addresses that tell it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.kit.ids import uuid7
from rapport.records import registry
from rapport.records.kinds import Context
from rapport.records.store import change
from rapport.records.testing import HOUSE, Statements, create, found, read, update
from rapport.sales.models import Deal, DealStanding, DealStay, Stage
from rapport.sales.parts.flag_words import sentence_of
from rapport.sales.queries import glance, review
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=0)


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def days(number: int) -> Any:
    return timezone.now() + timedelta(days=number)


def first_stage() -> Stage:
    return Stage.objects.filter(state="open").order_by("pipeline__position", "position")[0]


def sound(amount: int = 100, **more: Any) -> UUID:
    """An open deal that nothing is to be said about."""
    people = [{"person": str(create("person", last_name=one))} for one in ("Ana", "Ben")]
    values = {"close_date": str(days(30).date()), "people": people, "stage": str(first_stage().pk)}
    key = create("deal", name=f"Deal of {amount}", amount=amount, **(values | more))
    create("task", subject="Go on", due=str(days(3).date()), about=[f"deal:{key}"])
    return key


def touched(key: UUID, ago: int) -> None:
    at = days(-ago).isoformat()
    create("call", subject="Talk", direction="in", at=at, about=[f"deal:{key}"])


def flags(key: UUID, by: Any = HOUSE) -> dict[str, str]:
    return {one.name: sentence_of(one, "en", "EUR") for one in read("deal", key, "flags", by)}


def stood(key: UUID, *closing: str) -> None:
    """Let a deal have had these closing dates, each on one day more."""
    first = date(2026, 9, 1)
    for number, day in enumerate(closing):
        DealStanding.objects.create(
            deal_id=key, since=first + timedelta(days=number), close_date=day, category="commit",
            until=first + timedelta(days=number + 1),
        )  # fmt: skip


def win(number: int, amount: int, stayed: int, **more: Any) -> None:
    """A deal that was won and had stood in the first stage so many days."""
    end = Stage.objects.filter(state="won").order_by("pipeline__position")[0]
    values = {"stage": str(end.pk), "closed_at": days(number - 40).isoformat(), **more}
    key = create("deal", name=f"Won {number}", amount=amount, **values)
    left = days(-40)
    DealStay.objects.create(
        id=uuid7(), deal_id=key, stage_id=first_stage().pk, left_at=left,
        entered_at=left - timedelta(days=stayed),
    )  # fmt: skip


def since(key: UUID, ago: int) -> None:
    """Let a deal stand at its stage for so many days."""
    with change(HOUSE, via="test"):
        Deal.objects.filter(pk=key).update(stage_since=days(-ago))


def test_a_deal_that_goes_on_is_left_in_peace() -> None:
    assert flags(sound()) == {}


def test_each_reason_is_told_with_its_figures() -> None:
    key = sound(close_date=str(days(-3).date()), people=[])
    assert set(flags(key)) == {"late", "single"}
    assert "3 days ago" in flags(key)["late"]
    bare = create("deal", name="Bare", amount=5, stage=str(first_stage().pk))
    assert set(flags(bare)) == {"no_step", "single"}
    pushed = sound()
    stood(pushed, "2026-10-01", "2026-11-01", "2026-10-20", str(days(30).date()))
    assert flags(pushed).keys() == {"pushed"}
    assert "2 times" in flags(pushed)["pushed"]
    stood(once := sound(), "2026-10-01", str(days(30).date()))
    assert flags(once) == {}


def test_silence_counts_from_the_last_contact_or_from_the_beginning() -> None:
    quiet, lively, young = sound(), sound(), sound()
    Deal.objects.exclude(pk=young).update(created_at=days(-90))
    touched(quiet, 20)
    touched(lively, 13)
    assert "20 days ago" in flags(quiet)["quiet"]
    assert flags(lively) == {} == flags(young)
    never = sound()
    Deal.objects.filter(pk=never).update(created_at=days(-33))
    assert "33 days ago" in flags(never)["quiet"]


def test_a_stage_has_its_own_patience_until_ten_won_deals_tell_better() -> None:
    update("stage", first_stage().pk, usual_days=8)
    key = sound()
    since(key, 9)
    assert flags(key)["stalled"] == "9 days in its stage, which allows 8."
    for number in range(10):
        win(number, 100, 20)
    assert flags(key) == {}
    since(key, 30)
    assert "won deals were through within 21" in flags(key)["stalled"]


def test_amounts_are_compared_with_ten_won_deals_of_the_pipeline() -> None:
    huge, tiny, fair = sound(100_000), sound(1), sound(150)
    for number in range(9):
        win(number, 100 + number, 1)
    assert flags(huge) == {}
    win(9, 109, 1)
    assert "more than double" in flags(huge)["odd_amount"]
    assert "less than half" in flags(tiny)["odd_amount"]
    assert flags(fair) == {}


def test_what_others_won_is_no_measure_for_who_does_not_see_it() -> None:
    mia = narrow("Mia")
    other = make_user("Other", "member")
    huge = sound(100_000, owner=str(mia.pk), people=[])
    for number in range(10):
        win(number, 100, 1, owner=str(other.pk))
    assert "odd_amount" in flags(huge)
    assert "odd_amount" not in flags(huge, asking(mia))


def test_people_out_of_sight_do_not_count_as_contacts() -> None:
    mia = narrow("Mia")
    key = sound(owner=str(mia.pk))
    assert "single" in flags(key, asking(mia))
    assert "single" not in flags(key)


def test_deals_are_found_by_reason() -> None:
    late, bare, fine = sound(close_date=str(days(-1).date())), sound(people=[]), sound()
    assert found("deal", "flags", "any", ["late", "no_step"]) == {late}
    assert found("deal", "flags", "filled") == {late, bare}
    assert fine in found("deal", "flags", "none", ["late", "single"])
    assert found("deal", "flags", "empty") == {fine}


def test_a_hidden_field_takes_its_reasons_along() -> None:
    mo = make_user("Mo", "member")
    key = sound(close_date=str(days(-1).date()), people=[], owner=str(mo.pk))
    nobody = registry.Rights(frozenset(), frozenset())
    registry.restrict({"deal": {"close_date": nobody}})
    try:
        assert flags(key, asking(mo)).keys() == {"single"}
        assert found("deal", "flags", "any", ["late"], by=asking(mo)) == set()
    finally:
        registry.restrict({})


def test_sums_are_by_owner_the_most_at_stake_first() -> None:
    ana, ben = make_user("Ana", "member"), make_user("Ben", "member")
    sound(1, owner=str(ana.pk), people=[])
    sound(2, owner=str(ana.pk))
    sound(4, owner=str(ben.pk), people=[], close_date=str(days(-1).date()))
    made = review(glance(HOUSE), Q(), (), Context(HOUSE))
    assert list(made.owners) == [ben.pk, ana.pk]
    assert (made.whole.deals, made.whole.flagged, int(made.whole.at_stake)) == (3, 2, 5)
    assert [int(one.at_stake) for one in made.owners.values()] == [4, 1]
    assert {name: part.deals for name, part in made.by_flag.items() if part.deals} == {
        "late": 1, "single": 2,
    }  # fmt: skip
    only = review(glance(HOUSE), Q(owner_id=ana.pk), ("late",), Context(HOUSE))
    assert (only.whole.deals, only.whole.flagged) == (2, 0)


def test_the_page_and_programs_tell_the_same() -> None:
    owner = make_user()
    key = sound(1480, owner=str(owner.pk), people=[])
    sound(77, owner=str(owner.pk))
    browser = signed_in(owner)
    page = browser.get("/sales/review/?of=me").content.decode()
    for shown in (f"/deals/{key}/", "1 of 2 open deals", "€1,480", "Nobody of theirs is named",
                  f"?about=deal%3A{key}", 'data-edit-url="cells/close_date/"'):  # fmt: skip
        assert shown in page, shown
    assert "Deal of 77" not in page
    told = browser.get("/api/v1/sales/review?of=me").json()
    (one,) = told["data"]
    assert (one["id"], one["worth"]) == (str(key), "1480.00")
    assert [flag["flag"] for flag in one["flags"]] == ["single"]
    assert "Nobody of theirs" in one["flags"][0]["reason"]
    assert (told["all"]["deals"], told["all"]["at_stake"]) == (2, "1480.00")
    assert browser.get("/api/v1/sales/review?flag=late").json()["data"] == []


def test_only_deals_one_sees_are_reviewed() -> None:
    mia, other = narrow("Mia"), make_user("Other", "member")
    own = sound(1, owner=str(mia.pk), people=[])
    sound(2, owner=str(other.pk), people=[])
    told = signed_in(mia).get("/api/v1/sales/review").json()
    assert ([one["id"] for one in told["data"]], told["all"]["deals"]) == ([str(own)], 1)
    assert "Deal of 2" not in signed_in(mia).get("/sales/review/").content.decode()


def test_whoever_may_not_read_amounts_is_refused_in_words() -> None:
    mo = make_user("Mo", "member")
    registry.restrict({"deal": {"amount": registry.Rights(frozenset(), frozenset())}})
    try:
        answer = signed_in(mo).get("/sales/review/")
        assert (answer.status_code, "does not let you" in answer.content.decode()) == (403, True)
        assert signed_in(mo).get("/api/v1/sales/review").status_code == 403
    finally:
        registry.restrict({})


@pytest.mark.parametrize("typed", ["of=x", "of=team:1", "flag=odd", f"pipeline={NOBODY}"])
def test_what_an_address_says_wrongly_is_told(typed: str) -> None:
    browser = signed_in(make_user())
    assert browser.get(f"/sales/review/?{typed}").status_code == 422
    assert browser.get(f"/api/v1/sales/review?{typed}").status_code == 422


def test_more_deals_are_no_more_statements() -> None:
    browser = signed_in(owner := make_user())
    sound(1, owner=str(owner.pk), people=[])
    browser.get("/sales/review/")
    with Statements() as few:
        browser.get("/sales/review/")
    for number in range(2, 6):
        sound(number, people=[])
    with Statements() as many:
        browser.get("/sales/review/")
    assert len(many.statements) == len(few.statements) == 14

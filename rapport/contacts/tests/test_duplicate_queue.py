"""Pairs are found, shown side by side, decided, and what was decided is learnt from."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Person
from rapport.records import registry
from rapport.records.duplicates.sweeping import sweep_later
from rapport.records.duplicates.thresholds import KEPT, SHOWN, fit, learnt
from rapport.records.jobs.running import run_job
from rapport.records.models import DuplicatePair, Merge
from rapport.records.testing import create, update

pytestmark = pytest.mark.django_db
PAGE = "/people/duplicates/"


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def ida(owner: User) -> Client:
    return signed_in(owner)


def pair(probability: float = 0.97) -> DuplicatePair:
    left = create("person", name="Ana Ruiz", emails="ana@ruiz.example", city="Madrid")
    right = create("person", name="Ana Ruíz", emails="ana@ruiz.example", city="Sevilla")
    return DuplicatePair.objects.create(
        object="person", left_id=left, right_id=right, probability=probability,
        evidence=[["name", "same", None], ["city", "other", 0.41]],
    )  # fmt: skip


@pytest.mark.long
def test_a_sweep_finds_pairs_again_and_again_and_keeps_what_was_decided(owner: User) -> None:
    for name in ("Ana Ruiz", "Ana Ruíz", "Peter Lindqvist"):
        create("person", name=name, emails=f"{name[:3].lower()}@ruiz.example", city="Madrid")
    for state in ("open", "different"):
        job = sweep_later(principal_of(owner), registry.get("person"))
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.result["pairs"]) == ("done", 1)
        found = DuplicatePair.objects.get()
        assert ["email", "same", None] in found.evidence
        DuplicatePair.objects.update(state=state if state == "different" else "different")
    assert DuplicatePair.objects.get().state == "different"


def test_a_pair_is_shown_side_by_side_with_its_evidence(ida: Client) -> None:
    one = pair()
    page = ida.get(PAGE).content.decode()
    assert "Ana Ruíz" in page
    assert "same name" in page
    assert "city 0.41" in page
    assert f'name="side.city" value="{one.right_id}"' in page
    assert ida.get(f"{PAGE}?pair={one.pk}").status_code == 200


def test_merging_takes_the_chosen_sides_and_the_old_address_leads_on(ida: Client) -> None:
    one = pair()
    ida.post(f"{PAGE}{one.pk}/", {"do": "merge", "side.city": one.right_id})
    assert Person.objects.get(pk=one.left_id).city == "Sevilla"
    assert str(one.pk) not in ida.get(PAGE).content.decode()
    old = ida.get(f"/people/{one.right_id}/")
    assert (old.status_code, old.headers["Location"]) == (302, f"/people/{one.left_id}/")
    api = ida.get(f"/api/v1/people/{one.right_id}")
    assert (api.status_code, api.headers["Location"]) == (307, f"/api/v1/people/{one.left_id}")


def test_the_newer_record_stays_where_that_is_chosen(ida: Client) -> None:
    one = pair()
    ida.post(f"{PAGE}{one.pk}/", {"do": "merge", "keep": one.right_id})
    assert ida.get(f"/people/{one.left_id}/").headers["Location"] == f"/people/{one.right_id}/"
    assert Person.objects.get(pk=one.right_id).city == "Sevilla"


def test_parting_a_pair_in_the_history_leaves_it_as_it_was(ida: Client) -> None:
    one, other = pair(), pair()
    put_off = DuplicatePair.objects.create(
        object="person",
        left_id=one.right_id,
        right_id=other.left_id,
        probability=0.7,
        state="later",
    )
    ida.post(f"{PAGE}{one.pk}/", {"do": "merge"})
    before = learnt("person").decisions
    made = Merge.objects.get().change_set
    ida.post(f"/undo/{made}/")
    assert (before, learnt("person").decisions) == (1, 0)
    assert str(one.pk) in ida.get(PAGE).content.decode()
    assert set(DuplicatePair.objects.values_list("pk", "state")) == {
        (one.pk, "open"), (other.pk, "open"), (put_off.pk, "later"),
    }  # fmt: skip


@pytest.mark.long
def test_a_sweep_keeps_what_a_parting_brings_back(ida: Client, owner: User) -> None:
    one = pair()
    ida.post(f"{PAGE}{one.pk}/", {"do": "merge"})
    job = sweep_later(principal_of(owner), registry.get("person"))
    run_job(job.pk)
    assert DuplicatePair.objects.filter(pk=one.pk).exists()


def test_who_may_edit_only_one_of_two_does_not_judge_them() -> None:
    one, member = pair(), make_user("Mia Member", "member")
    update("person", one.left_id, owner=member.pk)
    mia = signed_in(member)
    assert mia.post(f"{PAGE}{one.pk}/", {"do": "different"}).status_code == 403
    assert DuplicatePair.objects.get(pk=one.pk).state == "open"


def test_a_pair_is_put_off_or_called_different(ida: Client) -> None:
    first, second = pair(0.99), pair(0.9)
    assert str(first.pk) in ida.get(PAGE).content.decode()
    ida.post(f"{PAGE}{first.pk}/", {"do": "later"})
    page = ida.get(PAGE).content.decode()
    assert page.index(str(second.pk)) < page.index(str(first.pk))
    ida.post(f"{PAGE}{second.pk}/", {"do": "different"})
    assert str(second.pk) not in ida.get(PAGE).content.decode()
    assert ida.post(f"{PAGE}{first.pk}/", {"do": "nonsense"}).status_code == 422


def test_pairs_of_records_that_one_may_not_see_are_not_there(ida: Client) -> None:
    one = pair()
    reader = signed_in(make_user("Rita Reader", "read_only"))
    assert reader.post(f"{PAGE}{one.pk}/", {"do": "different"}).status_code == 403
    assert ida.get("/deals/duplicates/").status_code == 404
    assert ida.get(f"{PAGE}?pair={UUID(int=1)}").status_code == 404


def test_decisions_move_the_threshold_but_a_few_do_not() -> None:
    assert fit([(0.9, False)] * 3).least == SHOWN
    strict = fit([(0.7, False), (0.6, False), (0.99, True)] * 30)
    assert strict.least > 0.75
    loose = fit([(0.3, True), (0.4, True), (0.25, False), (0.35, True)] * 30)
    assert KEPT <= loose.least < SHOWN
    assert strict.calibrated(0.7) < 0.2
    assert learnt("person").decisions == 0

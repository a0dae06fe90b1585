"""Administrators say who gets leads and how soon they are answered, and try it."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.models import Absence, User, WorkingTime
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Lead, LeadRule, LeadSettings
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("Ada", "member")


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_a_rule_is_made_tried_moved_and_removed(web: Client, ada: User) -> None:
    sent = {"name": "Peru", "condition": "rating:hot", "way": "table", "is_on": "on",
            "field": "person.country", "table": "PE = " + ada.email}  # fmt: skip
    assert web.post("/setup/leads/new/", sent).status_code == 302
    others = {"name": "Others", "way": "turn", "users": [str(ada.pk)], "is_on": "on"}
    web.post("/setup/leads/new/", others)
    first, second = LeadRule.objects.all()
    assert first.table == {"PE": str(ada.pk)}
    shown = web.get(f"/setup/leads/{first.pk}/").context["form"].initial
    assert (shown["condition"], shown["table"]) == ("rating:hot", f"PE = {ada.email}")

    lead = create("lead", person=str(create("person", name="Eva", country="PE")), rating="hot")
    page = web.get(f"/setup/leads/try/?lead={lead}").content.decode()
    assert "Peru" in page
    assert "Ada, by the table" in page
    assert Lead.objects.get().owner_id is None

    web.post(f"/setup/leads/{second.pk}/move/", {"up": "1"})
    assert [one.name for one in LeadRule.objects.all()] == ["Others", "Peru"]
    web.post(f"/setup/leads/{second.pk}/remove/")
    assert LeadRule.objects.count() == 1


def test_what_makes_no_sense_is_said_at_its_field_and_what_was_typed_stays(web: Client) -> None:
    sent = {"name": "Odd", "condition": "rating:lukewarm", "way": "table", "table": "PE ada"}
    answer = web.post("/setup/leads/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 1: write what the field says" in page
    assert "rating:lukewarm" in page
    assert set(answer.context["form"].errors) == {"condition", "table"}
    answer = web.post("/setup/leads/new/", {"name": "Nobody", "way": "turn"})
    assert "at least one colleague" in answer.content.decode()


def test_targets_are_kept_by_source_and_rating(web: Client) -> None:
    sent = {"source_0": "Website", "rating_0": "hot", "minutes_0": "15", "source_1": "Fair",
            "minutes": "240", "warn_minutes": "10"}  # fmt: skip
    assert web.post("/setup/leads/answers/", sent).status_code == 302
    kept = LeadSettings.present()
    assert [kept.minutes_for(*one) for one in (("website", "hot"), ("website", ""))] == [15, 240]
    assert "All others: 240 min." in web.get("/setup/leads/").content.decode()


def test_hours_and_absences_are_kept(web: Client, ada: User) -> None:
    answer = web.post("/setup/hours/", {"day_1": "9-12, 13-17", "day_2": "late"})
    assert "“late” is no hours" in answer.content.decode()
    web.post("/setup/hours/", {"day_1": "9-12, 13-17", "closed": "2026-12-25"})
    assert WorkingTime.objects.get().keeps_holidays is False
    assert WorkingTime.objects.get().week == {"1": [[540, 720], [780, 1020]]}
    web.post(f"/setup/hours/?user={ada.pk}", {"day_5": "10:00-14:00"})
    assert web.get(f"/setup/hours/?user={ada.pk}").context["form"]["day_5"].value() == "10:00-14:00"
    web.post(f"/setup/hours/?user={ada.pk}", {"forget": "1"})
    assert WorkingTime.objects.count() == 1

    away = {"user": str(ada.pk), "first_day": "2099-01-05", "last_day": "2099-01-01"}
    answer = web.post("/setup/hours/absences/", away)
    assert "before the first" in answer.content.decode()
    web.post("/setup/hours/absences/", {**away, "last_day": "2099-01-09"})
    assert "2099-01-09" in web.get("/setup/hours/").content.decode()
    web.post(f"/setup/hours/{Absence.objects.get().pk}/remove/")
    assert not Absence.objects.exists()

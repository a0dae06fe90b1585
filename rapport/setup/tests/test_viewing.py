"""Seeing Rapport as a colleague: what is seen, and that nothing else can be done by it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from rapport.accounts import actions
from rapport.accounts.models import Role, SecurityEvent, Session, User
from rapport.accounts.testing import make_user, signed_in
from rapport.accounts.viewing import sessions
from rapport.records.models import Reading, Visit
from rapport.records.testing import create

pytestmark = pytest.mark.django_db
STARTED, ENDED = SecurityEvent.Kind.VIEW_STARTED, SecurityEvent.Kind.VIEW_ENDED


def proved(user: User) -> Client:
    """A browser whose user has proved himself lately."""
    browser = signed_in(user)
    session = browser.session
    session["proved_at"] = int(time.time())
    session.save()
    return browser


def looking_as(user: User, by: User) -> Client:
    browser = proved(by)
    assert browser.post(f"/setup/users/{user.pk}/view/").status_code == 302
    return browser


def noted() -> list[tuple[str, Any, Any]]:
    kinds = SecurityEvent.objects.filter(kind__in=[STARTED, ENDED]).order_by("id")
    return [(one.kind, one.actor_id, one.user_id) for one in kinds]


@pytest.fixture
def ida() -> User:
    return make_user("Ida Brandt")


@pytest.fixture
def ana() -> User:
    """Somebody who sees companies and nothing else, and reads only her own."""
    role = actions.create_role("Narrow", "en", Role.objects.get(key="member"))
    nothing = dict.fromkeys(("view", "create", "edit", "delete"), "none")
    actions.change_grants(role, {"*": nothing, "company": {"view": "all", "edit": "all"}})
    return make_user("Ana Lima", role.key)


def test_an_owner_sees_what_the_other_sees_with_a_banner_until_he_stops(
    ida: User, ana: User
) -> None:
    company, person = create("company", name="Sol"), create("person", last_name="Vik")
    browser = looking_as(ana, ida)
    page = browser.get("/companies/").content.decode()
    assert 'You see Rapport as <b dir="auto">Ana Lima</b>' in page
    assert 'action="/viewing/stop/"' in page
    assert "/people/" not in page
    assert browser.get(f"/people/{person}/").status_code == 404
    assert "Ana Lima" in browser.get(f"/companies/{company}/").content.decode()
    assert "Ana Lima" in browser.get("/nowhere/").content.decode()
    browser.post("/viewing/stop/")
    page = browser.get("/companies/").content.decode()
    assert 'class="viewing"' not in page
    assert browser.get(f"/people/{person}/").status_code == 200
    assert noted() == [(STARTED, ida.pk, ana.pk), (ENDED, ida.pk, ana.pk)]


def test_nothing_is_written_by_any_door(ida: User, ana: User) -> None:
    company = create("company", name="Sol")
    browser = looking_as(ana, ida)
    assert browser.post(f"/companies/{company}/edit/", {"name": "Mar"}).status_code == 403
    assert browser.post(f"/companies/{company}/trash/").status_code == 403
    assert browser.post("/setup/teams/", {"name": "New"}).status_code == 403
    answer = browser.patch(
        f"/api/v1/companies/{company}", {"name": "Mar"}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["status"]) == (403, 403)
    assert browser.get(f"/api/v1/companies/{company}").json()["name"] == "Sol"
    assert not Visit.objects.filter(user=ana).exists()
    browser.get(f"/companies/{company}/")
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/account/", "/account/factor/", "/notifications/", "/notifications/count/", "/live/",
        "/api/v1/notifications", "/setup/tokens/", "/export/", "/companies/export/",
    ],
)  # fmt: skip
def test_what_is_private_to_the_other_stays_shut(address: str, ida: User, ana: User) -> None:
    assert looking_as(ana, ida).get(address).status_code == 403


def test_sensitive_fields_are_read_by_whoever_looks(ida: User) -> None:
    boss = make_user("Ole Owner")
    create("person", last_name="Vik", birthday="1990-02-03")
    looking_as(boss, ida).get("/people/?columns=name,birthday")
    assert list(Reading.objects.values_list("user_id", flat=True)) == [ida.pk]


def test_nobody_looks_as_somebody_above_him_or_without_proof(ida: User, ana: User) -> None:
    manager, member = make_user("Max Manager", "manager"), make_user("Mia Member", "member")
    assert proved(manager).post(f"/setup/users/{ida.pk}/view/").status_code == 404
    assert proved(member).post(f"/setup/users/{ana.pk}/view/").status_code == 403
    assert proved(ida).post(f"/setup/users/{ida.pk}/view/").status_code == 404
    asked = signed_in(ida)
    session = asked.session
    session["proved_at"] = 0
    session.save()
    assert "/account/confirm/" in asked.get(f"/setup/users/{ana.pk}/view/")["Location"]
    assert "/account/confirm/" in asked.post(f"/setup/users/{ana.pk}/view/")["Location"]
    assert noted() == []


def test_it_ends_when_the_rank_or_the_time_is_over(ida: User, ana: User) -> None:
    manager = make_user("Max Manager", "manager")
    browser = looking_as(ana, manager)
    actions.change_role(ana, "owner")
    assert "Max Manager" in browser.get("/companies/").content.decode()
    assert noted()[-1] == (ENDED, manager.pk, ana.pk)
    actions.change_role(ana, "member")
    browser = looking_as(ana, ida)
    session = browser.session
    session["viewing"] = {**session["viewing"], "until": int(time.time())}
    session.save()
    # What was meant to be done as another is not done as oneself.
    assert browser.post("/setup/teams/", {"name": "New"}).status_code == 403
    assert 'class="viewing"' not in browser.get("/").content.decode()


def test_signing_out_ends_both(ida: User, ana: User) -> None:
    browser = looking_as(ana, ida)
    browser.post("/logout/")
    assert noted()[-1] == (ENDED, ida.pk, ana.pk)
    signed_out = SecurityEvent.objects.get(kind=SecurityEvent.Kind.SIGNED_OUT)
    assert signed_out.actor_id == ida.pk
    assert "/login/" in browser.get("/")["Location"]
    assert not Session.objects.filter(user=ana).exists()


def test_half_an_hour_is_the_most(ida: User, ana: User) -> None:
    kept = looking_as(ana, ida).session["viewing"]
    assert kept["until"] - time.time() <= sessions.LIFE_SECONDS

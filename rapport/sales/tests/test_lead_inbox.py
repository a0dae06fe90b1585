"""The lead inbox: the most urgent lead first, judged with one key, and the next one comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Call
from rapport.contacts.actions import keep_targets, return_leads
from rapport.contacts.leads.answering import note_answers
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.models import Lead
from rapport.contacts.tests.sharing import narrow
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db
INBOX = "/leads/inbox/"


@pytest.fixture
def ida() -> User:
    return make_user("Ida")


@pytest.fixture
def web(ida: User) -> Client:
    return signed_in(ida)


def lead(name: str, minutes: int | None = None, **values: Any) -> UUID:
    made = create("lead", person=str(create("person", name=name)), **values)
    if minutes is not None:
        due = timezone.now() + timedelta(minutes=minutes)
        with change(HOUSE, via="test"):
            Lead._default_manager.filter(pk=made).update(answer_by=due)
    return made


def test_the_most_urgent_comes_first_and_is_open(web: Client) -> None:
    lead("Cid")
    lead("Bea", 30, interest="24 flow sensors", source="Fair")
    lead("Ama", -5)
    answer = web.get(INBOX)
    assert [one["name_text"] for one in answer.context["items"]] == ["Ama", "Bea", "Cid"]
    assert answer.context["lead"]["name_text"] == "Ama"
    page = answer.content.decode()
    assert "5 min late" in page
    assert "24 flow sensors" in page
    assert [one.count for one in answer.context["queues"]] == [3, 0, 3, 0]


def test_an_outcome_is_noted_and_the_next_lead_comes(web: Client, ida: User) -> None:
    first, second = lead("Ama", 5), lead("Bea", 30)
    answer = web.post(f"{INBOX}{first}/", {"do": "reached", "note": "Wants a quote"})
    assert answer.headers["Location"] == f"{INBOX}?queue=answer&lead={second}"
    call = Call.objects.get()
    assert (call.outcome, call.direction, call.notes) == ("reached", "out", "Wants a quote")
    found = Lead.objects.get(pk=first)
    assert (found.status, found.owner_id) == ("working", ida.pk)
    answer = web.get(answer.headers["Location"])
    assert [one["name_text"] for one in answer.context["items"]] == ["Bea"]
    assert "/undo/" in answer.content.decode()


def test_set_aside_with_a_reason_and_a_day_it_comes_back(web: Client) -> None:
    keep_targets({"minutes": 60})
    key = lead("Ama")
    sent = {"do": "recycled", "why": "timing", "returns_on": "2020-01-01", "note": "Later"}
    answer = web.post(f"{INBOX}{key}/", sent)
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()
    assert "Later" in answer.content.decode()
    tomorrow = timezone.localdate() + timedelta(days=2)
    web.post(f"{INBOX}{key}/", {**sent, "returns_on": tomorrow.isoformat()})
    found = Lead.objects.get(pk=key)
    assert (found.status, found.set_aside_for, found.returns_on) == ("recycled", "timing", tomorrow)

    assert return_leads() == 0
    assert return_leads(timezone.now() + timedelta(days=3)) == 1
    found.refresh_from_db()
    assert (found.status, found.returns, found.returns_on) == ("new", 1, None)
    assert found.answer_by is not None
    assert found.returned_at is not None


def test_a_lead_that_came_back_is_not_answered_by_calls_of_before(web: Client) -> None:
    keep_targets({"minutes": 60})
    key = lead("Ama")
    route_new_leads([key])
    web.post(f"{INBOX}{key}/", {"do": "no_answer"})
    note_answers()
    assert Lead.objects.get(pk=key).answer_kept == "in_time"
    update("lead", key, status="recycled", returns_on=timezone.localdate().isoformat())
    return_leads()
    note_answers()
    found = Lead.objects.get(pk=key)
    assert (found.answered_at, found.answer_kept, found.status) == (None, "", "new")


def test_what_makes_no_sense_is_refused_and_others_leads_are_not_seen(web: Client) -> None:
    key = lead("Ama")
    assert web.post(f"{INBOX}{key}/", {"do": "eaten"}).status_code == 422
    assert web.post(f"{INBOX}{key}/", {"do": "unqualified", "why": "eaten"}).status_code == 422
    assert web.get(f"{INBOX}?lead=nobody&queue=odd").status_code == 200
    own = signed_in(narrow("Mia Member"))
    answer = own.get(f"{INBOX}?lead={key}")
    assert "Ama" not in answer.content.decode()
    assert own.post(f"{INBOX}{key}/", {"do": "reached"}).status_code == 404

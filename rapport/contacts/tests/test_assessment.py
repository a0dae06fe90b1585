"""The needs assessment: points of answers, what they suggest, and where both can be asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from rapport.accounts.actions.actor import Actor
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.actions import add_question, keep_goal
from rapport.contacts.models import Lead, LeadQuestion
from rapport.records.changes.undo import undo
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Change, CustomField
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, found, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
NEW = "/setup/leads/questions/new/"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


@pytest.fixture
def asked() -> None:
    """Need for 20 points, meters for up to 30, the plant for 5; from 40 on it is worth a deal."""
    need = make_field("boolean", "need", on="lead", label={"en": "Need"})
    meters = make_field("integer", "meters", on="lead", label={"en": "Meters"})
    plant = make_field("text", "plant", on="lead", label={"en": "Plant"})
    add_question(need, "", "", "Yes = 20\nNo = 0")
    add_question(meters, "", "", "1 = 5\n10 = 15\n100 = 30")
    add_question(plant, "", "", "5")
    keep_goal(40)
    refresh()


def new_lead(**typed: Any) -> UUID:
    return create("lead", person=str(create("person", name="Giulia")), **typed)


def judged(lead: UUID) -> tuple[int | None, str]:
    row = Lead.objects.get(pk=lead)
    return row.assessment_score, row.assessment


@pytest.mark.usefixtures("asked")
def test_points_follow_the_answers_and_suggest() -> None:
    lead = new_lead()
    assert judged(lead) == (0, "open")
    update("lead", lead, meters="12")
    assert judged(lead) == (15, "open")
    with change(HOUSE, via="test") as made:
        made.update("lead", lead, {"need": True, "plant": "Bellinzona"})
    assert judged(lead) == (40, "qualified")
    update("lead", lead, meters="9")
    assert judged(lead) == (30, "short")
    undo(HOUSE, made.id, via="test")
    assert judged(lead) == (5, "open")
    columns = {name for one in Change.objects.filter(record_id=lead) for name in one.new or {}}
    assert not columns & {"assessment", "assessment_score"}, "the database keeps them, not people"


@pytest.mark.usefixtures("asked")
def test_points_are_asked_for_like_any_field_and_nobody_writes_them() -> None:
    good, bare = new_lead(need="yes", meters="100"), new_lead()
    assert found("lead", "assessment", "is", "qualified") == {good}
    assert found("lead", "assessment_score", "lt", "40") == {bare}
    with pytest.raises(Rejected), change(HOUSE, via="test") as made:
        made.update("lead", bare, {"assessment": "qualified"})


@pytest.mark.usefixtures("asked")
def test_another_goal_counts_anew_but_not_what_was_judged() -> None:
    open_lead, done = new_lead(need="yes"), new_lead(need="yes")
    update("lead", done, status="unqualified")
    keep_goal(20)
    assert [judged(one)[1] for one in (open_lead, done)] == ["qualified", "open"]
    keep_goal(None)
    assert judged(open_lead) == (20, "")


@pytest.mark.usefixtures("asked")
def test_points_are_not_told_to_whoever_may_not_read_an_answer() -> None:
    lead = new_lead(need="yes", meters="100")
    member = make_user("Mel", role="member")
    address = f"/api/v1/leads/{lead}?columns=assessment,assessment_score"
    told = signed_in(member).get(address).json()
    assert (told["assessment"], told["assessment_score"]) == ("qualified", 50)
    change_field_levels(Role.objects.get(key="member"), "lead", {"meters": "hidden"})
    refresh()
    assert not {"assessment", "assessment_score"} & signed_in(member).get(address).json().keys()
    asked = signed_in(member).get("/api/v1/leads?assessment_score.gte=50")
    assert asked.status_code == 422
    page = signed_in(member).get(f"/leads/{lead}/").content.decode()
    assert "50 of 55" not in page


def test_a_lead_without_questions_has_no_points() -> None:
    assert judged(new_lead()) == (None, "")


def test_an_administrator_makes_questions_and_says_what_answers_are_worth(web: Client) -> None:
    sent = {"label": "Budget", "kind": "choice", "points": "None = 0\nYes, this year = 30"}
    assert web.post(NEW, sent).status_code == 302
    question = LeadQuestion.objects.select_related("field").get()
    assert question.points == {"by": {"answer_1": 0, "answer_2": 30}}
    assert [one["label"] for one in question.field.options] == [
        {"en": "None"}, {"en": "Yes, this year"},
    ]  # fmt: skip
    page = f"/setup/leads/questions/{question.pk}/"
    answer = web.post(page, {"points": "Perhaps = 10"})
    assert answer.status_code == 422
    assert "“Perhaps” is no answer of this question. There are: None, Yes, this year." in (
        answer.content.decode()
    )
    web.post(page, {"points": "yes, this year = 25"})
    web.post("/setup/leads/questions/", {"goal": "25"})
    listed = web.get("/setup/leads/questions/").content.decode()
    assert "Yes, this year = 25" in listed
    refresh()
    lead = new_lead(**{question.field.name: "answer_2"})
    assert judged(lead) == (25, "qualified")
    web.post(page, {"remove": "1"})
    assert judged(lead) == (None, "")
    assert CustomField.objects.filter(removed_at=None).count() == 1, "the answers stay"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "choice", "label": "", "points": "A = 1"}, "Write the question"),
        ({"kind": "choice", "label": "Q", "points": "A"}, "write an answer = its points"),
        ({"kind": "integer", "label": "Q", "points": "many = 5"}, "“many” is no number"),
        ({"kind": "integer", "label": "Q", "points": "NaN = 5"}, "“NaN” is no number"),
        ({"kind": "text", "label": "Q", "points": "a lot"}, "Write the points"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_kept(
    web: Client, sent: dict[str, str], said: str
) -> None:
    answer = web.post(NEW, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CustomField.objects.exists()


@pytest.mark.usefixtures("asked")
def test_the_card_asks_and_says_why(web: Client) -> None:
    lead = new_lead(meters="12")
    page = web.get(f"/leads/{lead}/").content.decode()
    assert "15 of 55 points. From 40 on a lead is worth a deal. Still to ask: Need, Plant." in page
    sent = {"plant": "<b>Lugano"}
    answer = web.post(f"/leads/{lead}/cells/plant/?in=page", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    page = web.get(f"/leads/{lead}/panels/assessment/").content.decode()
    assert 'value="&lt;b&gt;Lugano"' in page
    assert "20 of 55 points" in page


@pytest.mark.usefixtures("asked")
def test_only_administrators_make_questions(web: Client) -> None:
    mia: User = make_user("Mia", "member")
    with pytest.raises(PermissionDenied):
        keep_goal(1, Actor(user=mia))
    assert signed_in(mia).get("/setup/leads/questions/").status_code == 403


def test_where_a_lead_clicked_comes_with_it() -> None:
    lead = new_lead(utm_source="news", utm_campaign="spring", landing_page="https://firm.example/a")
    assert found("lead", "utm_campaign", "is", "spring") == {lead}
    assert Lead.objects.get(pk=lead).landing_page == "https://firm.example/a"

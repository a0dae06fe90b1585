"""Programs say who gets leads, what is asked of them and how soon they are to be answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.leads.assigning import route_new_leads
from rapport.contacts.models import Lead, LeadRule
from rapport.records.metadata.noticing import refresh
from rapport.records.testing import create, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def post(web: Client, path: str, **body: Any) -> Any:
    return web.post(f"/api/v1/{path}", body, content_type="application/json")


def patch(web: Client, path: str, **body: Any) -> Any:
    return web.patch(f"/api/v1/{path}", body, content_type="application/json")


def test_rules_are_added_placed_and_followed(web: Client) -> None:
    ada, bea = make_user("Ada", "member"), make_user("Bea", "member")
    made = post(web, "lead-rules", name="All", way="turn", users=[str(ada.pk)])
    assert made.status_code == 201
    first = {"name": "Fairs", "way": "table", "field": "source", "table": {"Fair": str(bea.pk)}}
    fairs = post(web, "lead-rules", position=0, where="rating:hot", **first).json()
    listed = web.get("/api/v1/lead-rules").json()["data"]
    assert [(one["name"], one["position"], one["where"]) for one in listed] == [
        ("Fairs", 0, "rating:hot"), ("All", 1, ""),
    ]  # fmt: skip
    person = str(create("person", name="Max"))
    leads = [create("lead", person=person, source="Fair", rating=one) for one in ("hot", "cold")]
    route_new_leads(leads)
    assert [str(Lead.objects.get(pk=one).owner) for one in leads] == ["Bea", "Ada"]
    changed = patch(web, f"lead-rules/{fairs['id']}", position=9, is_on=False)
    assert (changed.json()["position"], changed.json()["is_on"]) == (1, False)
    url = f"/api/v1/lead-rules/{fairs['id']}"
    assert web.delete(url, headers={"If-Match": made["ETag"]}).status_code == 412
    assert web.delete(url, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert LeadRule.objects.get().name == "All"


@pytest.mark.parametrize(
    "wrong",
    [{"way": "turn"}, {"way": "stays", "where": "rating:"}, {"way": "table", "field": "owner"},
     {"way": "turn", "users": ["01920000-0000-7000-8000-000000000001"]}, {"way": "none"},
     {"way": "stays", "most": 0}, {"way": "stays", "odd": 1}],
)  # fmt: skip
def test_a_rule_that_can_not_be_is_refused_with_the_field(
    web: Client, wrong: dict[str, Any]
) -> None:
    answer = post(web, "lead-rules", name="Rule", **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_questions_and_targets_are_kept(web: Client) -> None:
    text = "Yes = 20\nNo = 0"
    made = post(web, "lead-questions", label="Budget", kind="choice", points=text).json()
    refresh()
    assert made["points"] == text
    assert post(web, "lead-questions", field="source", points="5").status_code == 422
    assert post(web, "lead-questions", label="Plant", kind="text", points="x").status_code == 422
    patch(web, f"lead-questions/{made['id']}", points="Yes = 30")
    assert patch(web, "lead-settings", goal=30, minutes=60).json()["goal"] == 30
    assert patch(web, "lead-settings", targets=[{"source": "Fair"}]).status_code == 422
    answered: Any = {made["field"]: "answer_1"}
    lead = create("lead", person=str(create("person", name="Max")), **answered)
    assert read("lead", lead, "assessment") == "qualified"
    assert web.delete(f"/api/v1/lead-questions/{made['id']}").status_code == 204
    assert web.get("/api/v1/lead-questions").json()["data"] == []

"""Programs make forms for web pages, read what was sent by them and try it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Lead, Submission, WebForm

pytestmark = pytest.mark.django_db
FIELDS = [{"field": "person.emails", "required": True, "key": "mail"}, {"field": "person.name"}]
FORM = {"name": "Ask us", "slug": "ask", "fields": FIELDS}


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def post(web: Client, path: str, **body: Any) -> Any:
    return web.post(f"/api/v1/web-forms{path}", body, content_type="application/json")


def patch(web: Client, path: str, **body: Any) -> Any:
    return web.patch(f"/api/v1/web-forms{path}", body, content_type="application/json")


def test_a_form_made_by_a_program_takes_what_its_secret_opens(web: Client) -> None:
    made = post(web, "", **FORM)
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/web-forms/{made.json()['id']}")
    place = f"/{made.json()['id']}"
    renewed = post(web, f"{place}/secret")
    secret = renewed.json()["secret"]
    assert renewed["Cache-Control"] == "no-store"
    assert secret not in web.get(f"/api/v1/web-forms{place}").content.decode()
    sent = Client().post(
        "/forms/ask/hook/", {"mail": "eva@luz.example", "person": {"name": "Eva"}},
        content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert sent.status_code == 202
    shown = web.get(f"/api/v1/web-forms{place}/submissions").json()
    assert [one["lead"] for one in shown["data"]] == [str(Lead.objects.get().pk)]
    assert shown["data"][0]["answers"]["person.emails"] == "eva@luz.example"
    refused = web.delete(f"/api/v1/web-forms{place}")
    assert refused.status_code == 422
    changed = patch(web, place, is_on=False)
    assert changed.json() == {**web.get("/api/v1/web-forms").json()["data"][0], "is_on": False}
    assert changed.json()["fields"][0]["key"] == "mail"
    assert Client().get("/forms/ask/").status_code == 404


def test_what_was_refused_is_found_page_by_page_and_tried_again(web: Client) -> None:
    made = post(web, "", **FORM).json()
    form = WebForm.objects.get()
    for number in range(3):
        answers = {"person.name": f"Nobody {number}"}
        Submission.objects.create(form=form, answers=answers, digest="", outcome="refused")
    place = f"/api/v1/web-forms/{made['id']}/submissions"
    first = web.get(f"{place}?state=refused&limit=2").json()
    rest = web.get(f"{place}?state=refused&limit=2&after={first['next']}").json()
    names = [one["answers"]["person.name"] for one in (*first["data"], *rest["data"])]
    assert (names, rest["next"]) == (["Nobody 2", "Nobody 1", "Nobody 0"], None)
    for wrong in ("state=odd", "after=odd", "limit=0"):
        assert web.get(f"{place}?{wrong}").status_code == 422, wrong
    again = f"/submissions/{rest['data'][0]['id']}/again"
    assert post(web, f"/{made['id']}{again}").json()["state"] == "refused"
    assert patch(web, f"/{made['id']}", fields=FIELDS[1:]).status_code == 200
    assert post(web, f"/{made['id']}{again}").json()["lead"] == str(Lead.objects.get().pk)
    other = post(web, "", **FORM | {"slug": "other"}).json()
    assert post(web, f"/{other['id']}{again}").status_code == 404


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("slug", "a b"), ("slug", "taken"), ("fields", []), ("fields", [{"field": "person.owner"}]),
     ("fields", [{"field": "lead.interest"}]), ("fields", FIELDS + FIELDS), ("keep_days", 0),
     ("sites", ["http://evil.example"]), ("redirect_to", "https://evil.example/"),
     ("needs_consent", True), ("texts", {"xx": {}}), ("channel", "odd"), ("secret_sealed", "x")],
)  # fmt: skip
def test_a_form_that_can_not_be_is_refused_with_the_field(
    web: Client, name: str, wrong: Any
) -> None:
    post(web, "", **FORM | {"slug": "taken"})
    answer = post(web, "", **FORM | {name: wrong})
    assert (answer.status_code, WebForm.objects.count()) == (422, 1)
    assert name in [one["field"] for one in answer.json()["errors"]]


def test_who_does_not_administer_reads_nothing(web: Client) -> None:
    made = post(web, "", **FORM).json()
    member = signed_in(make_user("Max", "member"))
    for path in ("", f"/{made['id']}", f"/{made['id']}/submissions"):
        assert member.get(f"/api/v1/web-forms{path}").status_code == 403

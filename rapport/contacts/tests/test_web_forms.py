"""Forms on web pages: what strangers send becomes a lead, and what they can't do by them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import create_role
from rapport.accounts.models import Role
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.actions import (
    forget_submissions,
    keep_web_form,
    renew_form_secret,
    take_again,
)
from rapport.contacts.models import Lead, Person, Submission, WebForm
from rapport.contacts.web_forms import public_views
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db
EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
SITE = "https://www.example.com"
EVA = {"person.name": "Eva Luz", "person.emails": "eva@luz.example", "lead.interest": "A crane"}


def row(field: str, *, required: bool = False, key: str = "", **label: str) -> dict[str, Any]:
    return {"field": field, "required": required, "key": key, "label": label}


def form(**facts: Any) -> WebForm:
    fields = [
        row("person.name"),
        row("person.emails", required=True, key="contact.mail"),
        row("person.job_title"),
        row("company.name"),
        row("lead.interest", en="What for", es="Para qué"),
    ]
    given = {"name": "Ask us", "slug": "ask", "fields": fields, "source": "Website", **facts}
    return keep_web_form(WebForm(), given)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who types fast; each test that is about haste says so itself."""
    monkeypatch.setattr(public_views, "FASTEST", -1)
    return Client(enforce_csrf_checks=True)


def stamp(web: Client, query: str = "", **headers: str) -> dict[str, str]:
    """The hidden fields of the page."""
    page = web.get(f"/forms/ask/{query}", headers=headers).context
    return {"stamp": page["stamp"], **page["click"]}


def send(web: Client, **more: str) -> Any:
    return web.post("/forms/ask/", {**EVA, **stamp(web), **more})


def test_what_a_stranger_sends_becomes_a_lead_of_a_new_person(web: Client) -> None:
    kept = form(texts={"en": {"consent": "You may write to me."}}, campaign="Spring")
    query = f"?utm_source=mailing&utm_medium=email&landing_page={SITE}/x"
    hidden = stamp(web, query, Referer=f"{SITE}/cranes")
    answer = web.post("/forms/ask/", {**EVA, **hidden, "company.name": "Luz", "consent": "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/forms/ask/thanks/")
    lead = Lead.objects.get()
    assert (lead.person.name, lead.company.name) == ("Eva Luz", "Luz")
    assert (lead.channel, lead.source, lead.interest) == ("form", "Website", "A crane")
    assert (lead.utm_source, lead.utm_medium, lead.utm_campaign) == ("mailing", "email", "Spring")
    assert lead.referrer == f"{SITE}/cranes"
    assert lead.landing_page == f"{SITE}/x"
    sent = Submission.objects.get()
    assert (sent.outcome, sent.consent, sent.lead) == ("taken", "You may write to me.", lead)
    keep_web_form(kept, {"texts": {"en": {"consent": "Something else."}}})
    page = signed_in(make_user()).get(f"/leads/{lead.pk}/").content.decode()
    assert "You may write to me." in page


def test_our_own_page_is_not_where_somebody_came_from(web: Client) -> None:
    form()
    hidden = stamp(web)
    web.post("/forms/ask/", {**EVA, **hidden}, headers={"Referer": "https://crm.example/forms/"})
    assert Lead.objects.get().referrer == ""


def test_nothing_of_a_known_person_is_changed_or_told(web: Client) -> None:
    form()
    known = create("person", name="Eva Real", emails="EVA@luz.example", job_title="Chief")
    answer = send(web, **{"person.job_title": "Nobody"})
    other = web.post("/forms/ask/", {**EVA, **stamp(web), "person.emails": "new@luz.example"})
    assert (answer.status_code, answer["Location"]) == (other.status_code, other["Location"])
    lead = Lead.objects.get(person=known)
    assert (lead.person.name, lead.person.job_title) == ("Eva Real", "Chief")
    page = signed_in(make_user()).get(f"/leads/{lead.pk}/").content.decode()
    assert "Nobody" in page
    assert Person.objects.count() == 2


def test_who_may_not_see_the_person_reads_nothing_typed_of_him(web: Client) -> None:
    form()
    known = create("person", name="Eva Real", emails="eva@luz.example")
    send(web, **{"person.job_title": "Typed title"})
    own = create_role("Own only", "en", Role.objects.get(key="member"))
    own.grants.all().delete()
    own.grants.create(object_name="*", view_scope="own")
    narrow = make_user("Nora", own.key)
    lead = Lead.objects.get(person=known)
    with change(HOUSE, via="test") as made:
        made.update("lead", lead.pk, {"owner": narrow.pk})
    page = signed_in(narrow).get(f"/leads/{lead.pk}/")
    assert page.status_code == 200
    assert "A crane" in page.content.decode()
    assert "Typed title" not in page.content.decode()


def test_mark_up_is_shown_as_it_was_typed(web: Client) -> None:
    kept = form()
    assert web.post("/forms/ask/", {**EVA, "lead.interest": EVIL}).status_code == 200
    assert EVIL not in web.post("/forms/ask/", {**EVA, "lead.interest": EVIL}).content.decode()
    send(web, **{"lead.interest": EVIL})
    seen = signed_in(make_user())
    for address in (f"/leads/{Lead.objects.get().pk}/", f"/setup/forms/{kept.pk}/sent/"):
        page = seen.get(address).content.decode()
        assert "&lt;img src=x" in page
        assert EVIL not in page


def test_spam_is_thanked_and_kept_apart_until_somebody_takes_it(
    web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form()
    assert send(web, url_2="https://spam.example")["Location"] == "/forms/ask/thanks/"
    monkeypatch.setattr(public_views, "FASTEST", 3)
    assert send(web, **{"lead.interest": "Quick"})["Location"] == "/forms/ask/thanks/"
    assert [one.outcome for one in Submission.objects.all()] == ["spam", "spam"]
    assert not Lead.objects.exists()
    assert take_again(Submission.objects.order_by("pk")[0]).outcome == "taken"
    assert Lead.objects.count() == 1


def test_a_stamp_of_another_form_or_none_is_asked_for_once_more(web: Client) -> None:
    form()
    form(slug="other", name="Other")
    foreign = web.get("/forms/other/").context["stamp"]
    for bad in ("", "x:y:z", foreign):
        answer = web.post("/forms/ask/", {**EVA, "stamp": bad})
        assert answer.status_code == 200
        assert "Look at it once more" in answer.content.decode()
        assert 'value="Eva Luz"' in answer.content.decode()
    assert not Submission.objects.exists()
    form(slug="open", name="Open", takes_posts=True)
    web.post("/forms/open/", EVA, headers={"Origin": SITE, "Referer": f"{SITE}/"})
    assert Lead.objects.get().referrer == f"{SITE}/"


def test_faults_stand_at_their_fields_and_what_was_sent_is_kept(web: Client) -> None:
    form(needs_consent=True, texts={"en": {"consent": "Yes."}})
    answer = send(web, **{"person.emails": "nothing", "consent": "1"})
    assert answer.status_code == 422
    assert 'value="nothing"' in answer.content.decode()
    assert Submission.objects.get().outcome == "refused"
    assert "Tick that you agree." in send(web).content.decode()
    assert not Lead.objects.exists()
    Submission.objects.update(at=timezone.now() - timedelta(days=91))
    assert forget_submissions() == 2


def test_the_same_sent_twice_is_one_lead(web: Client) -> None:
    form()
    send(web)
    send(web)
    assert [one.outcome for one in Submission.objects.order_by("pk")] == ["taken", "repeated"]
    assert Lead.objects.count() == 1


def test_who_sends_a_lot_has_to_wait(web: Client) -> None:
    form()
    sent = [web.post("/forms/ask/", EVA).status_code for _number in range(11)]
    assert sent == [200] * 10 + [429]


def test_only_the_sites_of_a_form_may_frame_it_and_be_led_to(web: Client) -> None:
    kept = form()
    answer = web.get("/forms/ask/")
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    keep_web_form(kept, {"sites": [SITE], "redirect_to": f"{SITE}/thanks"})
    answer = web.get("/forms/ask/")
    assert "X-Frame-Options" not in answer
    assert f"frame-ancestors {SITE}" in answer["Content-Security-Policy"]
    assert f"form-action 'self' {SITE}" in answer["Content-Security-Policy"]
    moved = send(web, redirect_to="https://evil.example", next="https://evil.example")
    assert moved["Location"] == f"{SITE}/thanks"
    for bad in ("https://evil.example/", "javascript:alert(1)", f"{SITE}.evil.example/x"):
        with pytest.raises(Rejected):
            keep_web_form(kept, {"redirect_to": bad})
    with pytest.raises(Rejected):
        keep_web_form(kept, {"sites": ["https://a.example; script-src *"], "redirect_to": ""})


def test_a_form_that_is_off_is_not_there(web: Client) -> None:
    form(is_on=False)
    for slug in ("ask", "none"):
        answer = web.get(f"/forms/{slug}/")
        assert answer.status_code == 404
        assert "There is no form here." in answer.content.decode()


def test_a_stranger_reads_it_in_his_language(web: Client) -> None:
    form()
    page = web.get("/forms/ask/", headers={"Accept-Language": "es"}).content.decode()
    assert "Para qué" in page
    assert "Nombre" in page


def test_programs_send_by_secret_or_signature_and_once_by_key(web: Client) -> None:
    kept = form(sites=[SITE])
    secret = renew_form_secret(kept)
    sent = {"contact": {"mail": "eva@luz.example"}, "person.name": "Eva", "utm_source": "ads"}
    body = json.dumps(sent).encode()

    def post(**headers: str) -> tuple[int, Any]:
        answer = web.post("/forms/ask/hook/", body, content_type="application/json",
                          headers=headers)  # fmt: skip
        return answer.status_code, answer.json()

    assert post()[0] == 401
    assert post(Authorization="Bearer x")[0] == 401
    assert not Submission.objects.exists()
    status, told = post(**{"Authorization": f"Bearer {secret}", "Idempotency-Key": "7"})
    assert (status, told["outcome"]) == (202, "taken")
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    again = post(**{"X-Rapport-Signature": signature, "Idempotency-Key": "7"})
    assert again == (202, told)
    assert Lead.objects.get().utm_source == "ads"
    body = b'{"contact": 7}'
    status, told = post(Authorization=f"Bearer {secret}")
    assert (status, list(told["problems"])) == (422, ["contact.mail"])
    body = b"[" * 50_000
    assert post(Authorization=f"Bearer {secret}")[0] == 400


def test_a_field_that_is_gone_leaves_the_form_working(web: Client) -> None:
    kept = form()
    WebForm.objects.update(fields=[*kept.fields, row("lead.gone", required=True)])
    assert send(web).status_code == 302


def test_an_administrator_makes_a_form_and_takes_what_was_refused_again(web: Client) -> None:
    seen = signed_in(make_user())
    sent = {
        "name": "Ask us", "slug": "ask", "is_on": "on", "channel": "form", "keep_days": "30",
        "field_0": "person.emails", "place_0": "2", "required_0": "on", "label_0_en": "Mail",
        "field_1": "lead.interest", "place_1": "1", "title_en": "Ask", "sites": SITE,
    }  # fmt: skip
    assert seen.post("/setup/forms/new/", {**sent, "redirect_to": "https://e.example"}).status_code
    assert not WebForm.objects.exists()
    assert seen.post("/setup/forms/new/", sent).status_code == 302
    made = WebForm.objects.get()
    assert [one["field"] for one in made.fields] == ["lead.interest", "person.emails"]
    page = seen.get(f"/setup/forms/{made.pk}/").content.decode()
    assert "/forms/ask/hook/" in page
    assert "&lt;form action=" in page
    assert web.post("/forms/ask/", {**stamp(web), "lead.interest": "A crane"}).status_code == 422
    WebForm.objects.update(fields=[row("person.name"), row("lead.interest")])
    key: UUID = Submission.objects.get().pk
    seen.post(f"/setup/forms/{made.pk}/sent/", {"again": str(key)})
    assert "a name or an email" in Submission.objects.get().reason
    Submission.objects.update(answers=EVA)
    seen.post(f"/setup/forms/{made.pk}/sent/", {"again": str(key)})
    assert Lead.objects.get().person.name == "Eva Luz"
    seen.post(f"/setup/forms/{made.pk}/remove/")
    assert WebForm.objects.exists()
    assert seen.post(f"/setup/forms/{made.pk}/secret/").context["secret"]

"""Webhooks for programs: what they may ask for, and what they are told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from rapport.accounts.actions import create_service, create_token
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import Answer, make_user
from rapport.automation.api.openapi import DELIVERY, WITH_SECRET
from rapport.automation.models import Delivery, Webhook
from rapport.automation.tests.making import make_delivery, make_webhook
from rapport.records.models import AnsweredRequest
from rapport.records.surfaces.api.openapi import openapi_document

pytestmark = pytest.mark.django_db

URL = "https://hooks.example/in"
WISH: dict[str, Any] = {"name": "Sheet", "url": URL, "objects": ["person"]}


class Program:
    """Asks with a token of a user."""

    def __init__(self, user: User, **token: Any) -> None:
        self.bearer = f"Bearer {create_token(user, 'Script', **token)}"

    def __call__(self, method: str, path: str = "", body: Any = None, **headers: str) -> Answer:
        """The answer to one request."""
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        named = {"Authorization": self.bearer} | headers
        ask = getattr(Client(), method.lower())
        return ask(f"/api/v1/webhooks{path}", headers=named, **sent)


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def ask(owner: User) -> Program:
    return Program(owner)


def test_from_beginning_to_end(owner: User, ask: Program) -> None:
    made = ask("POST", "", WISH | {"headers": {"X-Key": "hidden"}, "condition": None})
    assert made.status_code == 201
    document = made.json()
    Draft202012Validator(WITH_SECRET).validate(document)
    assert document["secret"].startswith("whsec_")
    assert document["owner"] == str(owner.pk)
    assert document["events"] == ["created", "changed", "deleted", "restored", "merged"]
    one = f"/{document['id']}"
    assert made["Location"] == f"/api/v1/webhooks{one}"
    shown = ask("GET", one)
    assert "whsec_" not in shown.content.decode()
    assert "hidden" not in shown.content.decode()
    assert shown.json()["headers"] == ["X-Key"]
    assert [each["id"] for each in ask("GET").json()["data"]] == [document["id"]]
    changed = ask("PATCH", one, {"fields": ["city"], "is_on": False, "undo": True}).json()
    assert (changed["fields"], changed["is_on"], changed["undo"]) == (["city"], False, True)
    assert (changed["name"], changed["off_reason"]) == ("Sheet", "by_hand")
    assert ask("PATCH", one, {"is_on": True}).json()["is_on"] is True
    assert ask("POST", f"{one}/secret").json()["secret"] != document["secret"]
    assert ask("DELETE", one).status_code == 204
    assert ask("GET", one).status_code == 404


def test_deliveries_page_show_and_are_sent_again(owner: User, ask: Program) -> None:
    webhook = make_webhook(URL, owner)
    several = [make_delivery(webhook, state="dead") for _number in range(3)]
    one = f"/{webhook.pk}"
    first = ask("GET", f"{one}/deliveries?limit=2").json()
    second = ask("GET", f"{one}/deliveries?limit=2&after={first['next']}").json()
    ids = [each["id"] for each in first["data"] + second["data"]]
    assert ids == [str(each.id) for each in reversed(several)]
    assert second["next"] is None
    assert ask("GET", f"{one}/deliveries?state=waiting").json()["data"] == []
    delivery = f"{one}/deliveries/{ids[0]}"
    shown = ask("GET", delivery).json()
    Draft202012Validator(DELIVERY).validate(shown)
    assert shown["payload"] == {"type": "t"}
    assert ask("POST", f"{delivery}/replay").json() == {"replayed": 1}
    assert ask("POST", f"{delivery}/replay").json() == {"replayed": 0}
    assert ask("POST", f"{one}/replay", {"since": "x"}).status_code == 422
    now = timezone.now()
    period = {"since": (now - timedelta(days=1)).isoformat(), "until": now.isoformat()}
    assert ask("POST", f"{one}/replay", period).json() == {"replayed": 2}
    tested = ask("POST", f"{one}/test")
    assert tested.status_code == 202
    assert Delivery.objects.filter(id=tested.json()["delivery"], event="webhook.test").exists()


BAD: list[tuple[dict[str, Any], str]] = [
    (WISH | {"url": "http://[::ffff:169.254.169.254]/"}, "url"),
    (WISH | {"url": 7}, "url"),
    (WISH | {"objects": "person"}, "objects"),
    (WISH | {"events": []}, "events"),
    (WISH | {"condition": "city:Oslo"}, "condition"),
    (WISH | {"condition": {"all": 7}}, "condition"),
    (WISH | {"headers": {"Host": "x"}}, "headers"),
    (WISH | {"secret": "whsec_mine"}, "secret"),
    (WISH | {"since": 0}, "since"),
    (WISH | {"owner": "nobody"}, "owner"),
    ({"name": "Sheet"}, "url"),
]


def test_bad_bodies_name_their_field(ask: Program) -> None:
    for body, field in BAD:
        answer = ask("POST", "", body)
        assert answer.status_code == 422, body
        assert field in {one["field"] for one in answer.json()["errors"]}, body
    assert not Webhook.objects.exists()


def test_only_administrators_with_whole_tokens_are_let_in(owner: User) -> None:
    webhook = make_webhook(URL, owner)
    asking = [
        Program(make_user("Mo Member", "member")),
        Program(owner, may_write=False),
        Program(owner, scopes={"*": ["view", "create", "edit", "delete"]}),
    ]
    for ask in asking:
        assert ask("GET").status_code == 403
        assert ask("POST", "", WISH).status_code == 403
        assert ask("POST", f"/{webhook.pk}/secret").status_code == 403
    manager = Program(make_user("Mia Manager", "manager"))
    assert manager("GET").json() == {"data": []}
    assert manager("DELETE", f"/{webhook.pk}").status_code == 404
    assert manager("POST", "", WISH | {"owner": str(owner.pk)}).status_code == 422


def test_a_program_can_be_its_eyes(ask: Program) -> None:
    service = create_service("Web form")
    made = ask("POST", "", WISH | {"owner": str(service.pk)})
    assert made.json()["owner"] == str(service.pk)


def test_a_kept_answer_with_a_secret_is_sealed(ask: Program) -> None:
    first = ask("POST", "", WISH, **{"Idempotency-Key": "one"})
    again = ask("POST", "", WISH, **{"Idempotency-Key": "one"})
    assert first.json() == again.json()
    assert again["Cache-Control"] == "no-store"
    assert Webhook.objects.count() == 1
    assert "whsec_" not in AnsweredRequest.objects.get().body


def test_the_document_tells_of_them_to_administrators_only(owner: User) -> None:
    paths = openapi_document(principal_of(owner))["paths"]
    assert "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay" in paths
    member = openapi_document(principal_of(make_user("Mo Member", "member")))["paths"]
    assert not any(path.startswith("/webhooks") for path in member)

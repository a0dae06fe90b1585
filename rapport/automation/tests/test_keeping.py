"""Who may look after webhooks, and what can be asked of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from rapport.accounts.actions.actor import Actor
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.testing import make_user
from rapport.automation.actions import Wish, create_webhook, delete_webhook, rotate_secret
from rapport.automation.models import Webhook
from rapport.automation.queries import webhook_for, webhooks_for
from rapport.automation.webhooks import checking
from rapport.records.conditions import Rule, to_json
from rapport.records.store import Rejected

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in"
BOSS = to_json(Rule("job_title", "is", "Boss"))


def refused(owner: User, **wish: Any) -> set[str]:
    given = {"name": "Sheet", "url": URL, "objects": ["person"]} | wish
    with pytest.raises(Rejected) as fault:
        create_webhook(owner, Wish(**given))
    return set(fault.value.fields)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "name"),
    ({"name": "a\x00"}, "name"),
    ({"url": "ftp://hooks.example/"}, "url"),
    ({"url": "http://127.0.0.1/"}, "url"),
    ({"url": "http://169.254.169.254/latest"}, "url"),
    ({"url": "http://0177.0.0.1/"}, "url"),
    ({"url": "https://user:pass@hooks.example/"}, "url"),
    ({"url": "https://hooks.example/\r\nX: 1"}, "url"),
    ({"objects": []}, "objects"),
    ({"objects": ["no_such"]}, "objects"),
    ({"events": ()}, "events"),
    ({"events": ("exploded",)}, "events"),
    ({"fields": ["no_such"]}, "fields"),
    ({"fields": ["city"], "objects": ["person", "company"]}, "fields"),
    ({"condition": BOSS, "objects": ["person", "company"]}, "condition"),
    ({"condition": {"field": "no_such", "op": "is", "value": "x"}}, "condition"),
    ({"headers": {"X-One": "a\r\nX-Two: b"}}, "headers"),
    ({"headers": {"X One": "a"}}, "headers"),
    ({"headers": {"Host": "elsewhere"}}, "headers"),
    ({"headers": {"Webhook-Id": "mine"}}, "headers"),
    ({"headers": {"Content-Length": "3"}}, "headers"),
    ({"headers": {"a": "1", "A": "2"}}, "headers"),
    ({"headers": {f"X-{n}": "1" for n in range(11)}}, "headers"),
]


def test_what_can_not_be_is_refused_at_its_field() -> None:
    owner = make_user()
    for wish, field in IMPOSSIBLE:
        assert field in refused(owner, **wish), wish
    assert not Webhook.objects.exists()


def test_a_manager_never_looks_with_the_eyes_of_an_owner() -> None:
    owner, manager, member = (
        make_user(f"{role.title()} Person", role) for role in ("owner", "manager", "member")
    )
    wish = Wish("Sheet", URL, ["person"])
    with pytest.raises(PermissionDenied):
        create_webhook(owner, wish, Actor(manager))
    with pytest.raises(PermissionDenied):
        create_webhook(member, wish, Actor(member))
    webhook, _secret = create_webhook(owner, wish, Actor(owner))
    own, _secret = create_webhook(manager, wish, Actor(manager))
    assert webhooks_for(Actor(manager)) == [own]
    assert webhook_for(Actor(manager), webhook.pk) is None
    assert webhooks_for(Actor(member)) == []
    for action in (rotate_secret, delete_webhook):
        with pytest.raises(PermissionDenied):
            action(webhook, Actor(manager))
    delete_webhook(own, Actor(owner))
    assert [one.pk for one in webhooks_for(Actor(owner))] == [webhook.pk]
    assert SecurityEvent.objects.filter(actor=owner, detail__name="Sheet").count() == 2


def test_there_is_an_end_to_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST", 0)
    assert refused(make_user()) == {"name"}

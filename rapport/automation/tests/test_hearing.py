"""A webhook hears of what its owner may know, when it asked for it, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts import actions as accounts
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user
from rapport.automation.models import Delivery, Webhook
from rapport.automation.tests.making import deliver, hear, make_webhook, send_due
from rapport.automation.tests.receiver import Receiver
from rapport.records import registry
from rapport.records.changes.undo import undo
from rapport.records.conditions import Rule, to_json
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Notification
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample, reader

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_one_go")]
BOSS = to_json(Rule("job_title", "is", "Boss"))


def changed(name: str, record: Any, via: str = "web", **values: Any) -> Any:
    with change(HOUSE, via=via) as made:
        made.update(name, record, values)
    return made.id


def told(receiver: Receiver) -> list[tuple[str, str]]:
    return [(one.json["type"], one.json["data"]["id"]) for one in receiver.requests]


def test_filters_by_event_field_and_condition(receiver: Receiver) -> None:
    fussy: dict[str, Any] = {"events": ["changed"], "fields": ["first_name"], "condition": BOSS}
    make_webhook(receiver.url, **fussy)
    boss = make_sample("person", 1, values={"job_title": "Boss"})
    clerk = make_sample("person", 2, values={"job_title": "Clerk"})
    changed("person", clerk, first_name="Bo")
    changed("person", boss, city="Oslo")
    changed("person", boss, first_name="Io", via="import")
    changed("person", boss, first_name="Bo")
    undo(HOUSE, changed("person", boss, first_name="Cy"), via="web")
    deliver()
    assert told(receiver) == [("person.changed", str(boss))] * 2
    values = [one.json["data"]["fields"][0]["new"] for one in receiver.requests]
    assert values == ["Bo", "Cy"]


def test_undo_and_imports_are_told_marked_to_who_asked_for_them(receiver: Receiver) -> None:
    wish: dict[str, Any] = {"events": ["changed"], "hears_undo": True, "hears_imports": True}
    make_webhook(receiver.url, **wish)
    person = make_sample("person", 1)
    changed("person", person, first_name="Al", via="import")
    undo(HOUSE, changed("person", person, first_name="Cy"), via="web")
    deliver()
    marks = [one.json["data"] for one in receiver.requests]
    assert [one["imported"] for one in marks] == [True, False, False]
    assert [one["undo_of"] for one in marks] == [None, None, marks[1]["change_set"]]


def test_a_condition_is_asked_of_what_is_in_the_trash_as_well(receiver: Receiver) -> None:
    make_webhook(receiver.url, events=["deleted"], condition=BOSS)
    boss = make_sample("person", 1, values={"job_title": "Boss"})
    with change(HOUSE, via="web") as made:
        made.trash("person", [boss])
    deliver()
    assert told(receiver) == [("person.deleted", str(boss))]


def test_rows_beside_a_record_are_changes_of_its_fields(receiver: Receiver) -> None:
    make_webhook(receiver.url, fields=["emails"], events=["changed"])
    person = make_sample("person", 1)
    changed("person", person, job_title="Boss")
    emails = registry.get("person").fields["emails"]
    changed("person", person, emails=emails.parse([{"value": "new@sample.example"}], reader()))
    deliver()
    (one,) = receiver.requests
    assert "new@sample.example" in one.body.decode()
    assert "emails" in {name for each in one.json["data"]["fields"] for name in each.get("of", [])}


def test_only_what_its_owner_sees_leaves_the_house(receiver: Receiver) -> None:
    role = accounts.create_role("Own", "en", Role.objects.get(key="member"))
    role.grants.update_or_create(object_name="person", defaults={"view_scope": "own"})
    change_field_levels(role, "person", {"job_title": "hidden"})
    refresh()
    owner = make_user("Nora Narrow", role.key)
    make_webhook(receiver.url, owner, events=["changed"])
    mine, other = make_sample("person", 1), make_sample("person", 2)
    changed("person", mine, owner=owner.pk)
    changed("person", other, first_name="Secret")
    changed("person", mine, job_title="Spy")
    changed("person", mine, first_name="Bo")
    deliver()
    assert told(receiver) == [("person.changed", str(mine))] * 2
    sent = "".join(one.body.decode() for one in receiver.requests)
    assert not any(word in sent for word in ("Spy", "job_title", "Secret", str(other)))


def test_what_waits_is_withheld_once_its_owner_may_not_know_it(receiver: Receiver) -> None:
    owner = make_user("Olga Own", "member")
    make_webhook(receiver.url, owner, events=["created"])
    first, second = make_sample("person", 1), make_sample("person", 2)
    changed("person", second, owner=owner.pk)
    hear()
    role = Role.objects.get(key="member")
    role.grants.update_or_create(object_name="person", defaults={"view_scope": "own"})
    send_due()
    assert told(receiver) == [("person.created", str(second))]
    withheld = Delivery.objects.get(record_id=first)
    assert (withheld.state, withheld.payload) == ("withheld", "")


def test_a_field_hidden_since_withholds_what_waits(receiver: Receiver) -> None:
    make_webhook(receiver.url, make_user("Mo Member", "member"), events=["changed"])
    person = make_sample("person", 1)
    changed("person", person, job_title="Spy")
    hear()
    change_field_levels(Role.objects.get(key="member"), "person", {"job_title": "hidden"})
    refresh()
    send_due()
    assert receiver.requests == []


def test_a_condition_that_cannot_be_asked_any_more_switches_it_off(receiver: Receiver) -> None:
    owner = make_user()
    webhook = make_webhook(receiver.url, owner, condition=BOSS)
    Webhook.objects.update(condition=to_json(Rule("no_such_field", "is", "Ada")))
    make_sample("person", 1)
    deliver()
    webhook.refresh_from_db()
    assert (receiver.requests, webhook.off_reason) == ([], "condition")
    assert Notification.objects.filter(user=owner, url__contains=str(webhook.pk)).exists()


def test_who_was_deactivated_hears_nothing(receiver: Receiver) -> None:
    owner = make_user("Lea Leaver")
    make_webhook(receiver.url, owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    make_sample("person", 1)
    deliver()
    assert receiver.requests == []
    assert not Delivery.objects.exists()


def test_a_long_text_is_left_out_and_the_body_stays_small(receiver: Receiver) -> None:
    make_webhook(receiver.url, events=["changed"])
    person = make_sample("person", 1)
    changed("person", person, description="x" * 30_000)
    deliver()
    (one,) = receiver.requests
    assert len(one.body) < 20_000
    assert one.json["data"]["cut"]
    assert one.json["data"]["fields"][0] == {
        "field": "description", "old": "<p>Sample <strong>1</strong></p>", "new": None, "cut": True
    }  # fmt: skip

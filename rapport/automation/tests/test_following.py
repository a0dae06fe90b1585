"""The log is followed from the moment a webhook is on, once, and whatever dies meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.automation.actions import Wish, create_webhook, switch_off, switch_on
from rapport.automation.jobs import blank_forgotten
from rapport.automation.models import Delivery
from rapport.automation.tests.making import deliver, hear, make_webhook
from rapport.automation.tests.receiver import Receiver
from rapport.automation.tests.test_hearing import changed, told
from rapport.automation.webhooks import following
from rapport.records.changes.forgetting import forget
from rapport.records.duplicates.merging import merge
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_life_is_told_in_order_and_signed(receiver: Receiver) -> None:
    owner = make_user()
    make_sample("person", 1)
    webhook, secret = create_webhook(owner, Wish("Sheet", receiver.url, ["person"]))
    person, other = make_sample("person", 2), make_sample("person", 3)
    act = changed("person", person, first_name="Bo")
    with change(HOUSE, via="web") as made:
        made.trash("person", [person])
    with change(HOUSE, via="web") as made:
        made.restore("person", [person])
    merge(HOUSE, "person", other, [person], via="web")
    make_sample("company", 4)
    deliver()

    kinds = [kind for kind, key in told(receiver) if key == str(person)]
    assert kinds == [
        f"person.{one}" for one in ("created", "changed", "deleted", "restored", "merged")
    ]
    for one in receiver.requests:
        assert one.is_signed_with(secret)
    assert not any(one.json["type"].startswith("company") for one in receiver.requests)
    (second,) = [
        one.json["data"] for one in receiver.requests if one.json["data"]["change_set"] == str(act)
    ]
    assert [one["new"] for one in second["fields"] if one["field"] == "first_name"] == ["Bo"]
    (merged,) = [one.json["data"] for one in receiver.requests if "merged" in one.json["type"]]
    assert merged["into"] == str(other)
    # Nothing is told twice.
    count = len(receiver.requests)
    deliver()
    assert len(receiver.requests) == count
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert webhook.secret_sealed != secret


def test_off_is_deaf_and_on_hears_only_what_comes_then(receiver: Receiver) -> None:
    webhook = make_webhook(receiver.url)
    switch_off(webhook)
    make_sample("person", 1)
    deliver()
    switch_on(webhook)
    deliver()
    assert receiver.requests == []
    late = make_sample("person", 3)
    deliver()
    assert [key for _kind, key in told(receiver)] == [str(late)]


def test_a_crash_between_deliveries_and_the_place_in_the_log_doubles_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_webhook(receiver.url)
    make_sample("person", 1)

    def crash(*_args: Any) -> int:
        keep(*_args)
        raise KeyboardInterrupt

    keep = following._deliver
    monkeypatch.setattr(following, "_deliver", crash)
    with pytest.raises(KeyboardInterrupt):
        hear()
    assert not Delivery.objects.exists()
    monkeypatch.undo()
    deliver()
    assert receiver.types == ["person.created"]


def test_stretches_of_any_length_tell_the_same(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "STRETCH", 1)
    make_webhook(receiver.url)
    people = {str(make_sample("person", number)) for number in range(3)}
    deliver()
    assert {key for _kind, key in told(receiver)} == people


def test_what_the_log_had_to_forget_is_blanked(receiver: Receiver) -> None:
    owner = make_user()
    make_webhook(receiver.url, owner, events=["created", "changed"])
    person, other = make_sample("person", 1), make_sample("person", 2)
    deliver()
    changed("person", person, first_name="Bo")
    hear()
    forget(principal_of(owner), "person", person, "Request 17")
    blank_forgotten(0)
    gone = Delivery.objects.filter(record_id=person).order_by("number")
    found = gone.values_list("state", "payload")
    assert list(found) == [("delivered", ""), ("withheld", "")]
    assert Delivery.objects.get(record_id=other).payload

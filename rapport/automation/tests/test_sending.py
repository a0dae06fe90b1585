"""What is due is sent in order, tried again in time, and given up at last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from threading import Event
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Verifier

from rapport.accounts.testing import make_user
from rapport.automation.actions import (
    Wish,
    change_webhook,
    create_webhook,
    replay,
    replay_dead,
    replay_period,
    rotate_secret,
    send_test,
    switch_off,
    switch_on,
)
from rapport.automation.jobs import forget_deliveries
from rapport.automation.models import Delivery, Webhook
from rapport.automation.tests.making import make_delivery, make_webhook, send_due
from rapport.automation.tests.receiver import Received, Receiver, listening
from rapport.automation.webhooks.courier import Courier
from rapport.automation.webhooks.pace import WAITS, hold_after, wait_after
from rapport.automation.webhooks.signing import signed_headers
from rapport.records.models import Notification
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def webhook(receiver: Receiver) -> Webhook:
    return make_webhook(receiver.url)


@pytest.fixture
def other() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def answering(receiver: Receiver, status: int, body: bytes = b"", **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    receiver.answer = lambda _received: (status, named, body)


def again() -> None:
    """Let the time of all waits pass."""
    Delivery.objects.update(due_at=timezone.now())
    Webhook.objects.update(held_until=None)
    send_due()


def test_a_later_event_of_a_record_waits_for_the_earlier_one(
    receiver: Receiver, webhook: Webhook
) -> None:
    one, two = make_sample("person", 1), make_sample("person", 2)
    sent = [make_delivery(webhook, key, event=f"e{n}") for n, key in enumerate([one, one, two])]
    answering(receiver, 503)
    send_due()
    assert {found.id for found in receiver.requests} == {sent[0].message_id, sent[2].message_id}
    answering(receiver, 200)
    again()
    ids = [found.id for found in receiver.requests[2:]]
    assert sorted(ids) == sorted(one.message_id for one in sent)
    assert ids.index(sent[0].message_id) < ids.index(sent[1].message_id)


def test_the_same_message_is_tried_again_until_it_is_given_up(
    receiver: Receiver, webhook: Webhook
) -> None:
    sent = make_delivery(webhook)
    answering(receiver, 500, b"no\x00" * 1000)
    for _try in range(len(WAITS) + 3):
        again()
    assert {found.id for found in receiver.requests} == {sent.message_id}
    assert len(receiver.requests) == len(WAITS) + 1 == 10
    sent.refresh_from_db()
    assert (sent.state, sent.attempts, len(sent.tries)) == ("dead", 10, 10)
    assert (sent.status, len(sent.answer)) == (500, 1024)
    assert "\x00" not in sent.answer
    answering(receiver, 200)
    assert replay_dead(webhook) == 1
    send_due()
    sent.refresh_from_db()
    assert (sent.state, receiver.requests[-1].id) == ("delivered", sent.message_id)
    assert replay(sent) == 1
    assert replay(sent) == 0
    send_due()
    day = timedelta(days=1)
    assert replay_period(webhook, timezone.now() - 2 * day, timezone.now() - day) == 0
    assert replay_period(webhook, timezone.now() - day, timezone.now() + day) == 1


def test_waits_last_three_days_and_scatter() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 10)]
    assert wait_after(10) is None
    total = sum((wait for wait in waits if wait), timedelta())
    assert timedelta(days=2.5) < total < timedelta(days=4)
    assert len({wait_after(5) for _time in range(20)}) > 1
    assert wait_after(1, timedelta(hours=3)) == timedelta(hours=3)
    assert wait_after(1, timedelta(days=300)) == timedelta(hours=24)
    assert [hold_after(number) for number in (4, 5, 100)] == [
        timedelta(), timedelta(seconds=5), timedelta(minutes=5)
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["7200", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_receiver_that_asks_for_time_gets_it(
    receiver: Receiver, webhook: Webhook, asked: str
) -> None:
    sent = make_delivery(webhook)
    answering(receiver, 429, Retry_After=asked)
    send_due()
    sent.refresh_from_db()
    webhook.refresh_from_db()
    soon = timezone.now() + timedelta(hours=1)
    assert sent.due_at > soon
    assert webhook.held_until is not None
    assert webhook.held_until > soon
    make_delivery(webhook)
    send_due()
    assert len(receiver.requests) == 1


def test_one_that_is_gone_is_switched_off_and_people_are_told(receiver: Receiver) -> None:
    owner, manager = make_user(), make_user("Mia Manager", "manager")
    webhook = make_webhook(receiver.url, owner)
    make_delivery(webhook)
    answering(receiver, 410)
    send_due()
    webhook.refresh_from_db()
    assert (webhook.is_on, webhook.off_reason) == (False, "gone")
    told = Notification.objects.filter(url=f"/setup/webhooks/{webhook.pk}/")
    assert {one.user_id for one in told} == {owner.pk, manager.pk}
    make_delivery(webhook)
    send_due()
    assert len(receiver.requests) == 1
    answering(receiver, 200)
    switch_on(webhook)
    send_due()
    assert len(receiver.requests) == 2


def test_after_days_without_success_it_is_switched_off(
    receiver: Receiver, webhook: Webhook
) -> None:
    make_delivery(webhook)
    answering(receiver, 500)
    send_due()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=2))
    again()
    webhook.refresh_from_db()
    assert webhook.is_on
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=4))
    again()
    webhook.refresh_from_db()
    assert webhook.off_reason == "failing"
    # What was not delivered is still there for when it is on again.
    assert Delivery.objects.get().state == "waiting"


def test_one_that_is_down_is_tried_by_one_and_seldom(receiver: Receiver, webhook: Webhook) -> None:
    for _number in range(30):
        make_delivery(webhook)
    answering(receiver, 500)
    send_due()
    assert 5 <= len(receiver.requests) <= 12
    count = len(receiver.requests)
    Webhook.objects.update(held_until=None)
    send_due()
    assert len(receiver.requests) == count + 1
    answering(receiver, 200)
    again()
    again()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_slow_receiver_holds_up_no_other(
    receiver: Receiver, webhook: Webhook, other: Receiver
) -> None:
    slow = make_webhook(other.url, make_user("Sia Slow"))
    for _number in range(8):
        make_delivery(slow)
        make_delivery(webhook)
    go_on = Event()

    def wait(_received: Received) -> Any:
        go_on.wait(20)
        return 204, {}, b""

    other.answer = wait
    came = Event()
    courier = Courier(heard=came.set)
    try:
        courier.step()
        while Delivery.objects.filter(webhook=webhook, state="waiting").exists():
            assert came.wait(20)
            came.clear()
            courier.step()
        assert len(other.requests) <= 4
        assert Delivery.objects.filter(webhook=slow, state="waiting").count() == 8
        go_on.set()
        courier.run_until_idle()
    finally:
        go_on.set()
        courier.close()
    assert not Delivery.objects.filter(state="waiting").exists()


def test_whoever_dies_before_he_has_written_it_down_has_it_sent_again(
    receiver: Receiver, webhook: Webhook
) -> None:
    sent = make_delivery(webhook)
    came = Event()
    dying = Courier(heard=came.set)
    dying.step()
    assert came.wait(20)
    dying.close()
    send_due()
    assert [one.id for one in receiver.requests] == [sent.message_id] * 2
    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("delivered", 1)


def test_a_fault_of_our_own_leaves_it_to_be_tried_again(webhook: Webhook) -> None:
    make_delivery(webhook)
    faults: list[object] = []

    def stumble(due: Any) -> Any:
        faults.append(due)
        raise RuntimeError

    courier = Courier(sender=stumble)
    courier.step()
    courier.close()
    while courier._back.empty():
        pass
    courier._take_back()
    assert (len(faults), courier._under_way) == (1, {})
    assert Delivery.objects.get().attempts == 0


def test_a_redirect_is_a_failure_and_leads_nowhere(
    receiver: Receiver, webhook: Webhook, other: Receiver
) -> None:
    sent = make_delivery(webhook)
    answering(receiver, 302, Location=other.url)
    send_due()
    sent.refresh_from_db()
    assert (sent.state, sent.status, other.requests) == ("waiting", 302, [])
    assert sent.fault


def test_cve_2026_27023_the_address_is_judged_at_each_try(
    receiver: Receiver, webhook: Webhook, settings: Any
) -> None:
    sent = make_delivery(webhook)
    settings.OUTBOUND_NETWORKS = (ip_network("10.0.0.0/8"),)
    send_due()
    sent.refresh_from_db()
    assert (receiver.requests, sent.attempts, sent.status) == ([], 1, None)
    assert "127.0.0.1" in sent.fault


def test_a_test_is_sent_also_while_it_is_off(receiver: Receiver, webhook: Webhook) -> None:
    switch_off(webhook)
    make_delivery(webhook, make_sample("person", 1))
    sent = send_test(webhook)
    send_due()
    assert [one.id for one in receiver.requests] == [sent.message_id]
    assert receiver.requests[0].json["type"] == "webhook.test"


def test_headers_go_along_and_are_sealed(receiver: Receiver, webhook: Webhook) -> None:
    wish = Wish("Sheet", receiver.url, ["person"], headers={"Authorization": "Bearer abc"})
    change_webhook(webhook, wish)
    make_delivery(webhook)
    send_due()
    assert receiver.requests[0].headers["authorization"] == "Bearer abc"
    webhook.refresh_from_db()
    assert "abc" not in webhook.headers_sealed


def test_what_is_a_month_old_is_forgotten(webhook: Webhook) -> None:
    make_delivery(webhook)
    make_delivery(webhook, state="delivered", made_at=timezone.now() - timedelta(days=31))
    forget_deliveries(0)
    assert Delivery.objects.count() == 1


def test_signatures_are_those_of_the_reference_library() -> None:
    secret, key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    headers = signed_headers(key, 1614265330, b'{"test": 2432232314}', [secret])
    assert headers == {
        "webhook-id": key,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_for_a_day_both_secrets_sign(receiver: Receiver) -> None:
    webhook, old = create_webhook(make_user(), Wish("Sheet", receiver.url, ["person"]))
    new = rotate_secret(webhook)
    make_delivery(webhook)
    send_due()
    for secret in (old, new):
        Verifier(secret).verify(receiver.requests[0].body, receiver.requests[0].headers)
    Webhook.objects.update(old_secret_until=timezone.now())
    make_delivery(webhook)
    send_due()
    first, second = receiver.requests
    assert [first.is_signed_with(one) for one in (old, new)] == [True, True]
    assert [second.is_signed_with(one) for one in (old, new)] == [False, True]
    forget_deliveries(0)
    assert Webhook.objects.get().old_secret_sealed == ""


def test_secrets_that_nobody_can_open_switch_it_off(receiver: Receiver, webhook: Webhook) -> None:
    Webhook.objects.update(secret_sealed="lost", headers_sealed="lost")
    make_delivery(webhook)
    send_due()
    webhook.refresh_from_db()
    assert (receiver.requests, webhook.off_reason, webhook.header_names) == ([], "sealed", [])

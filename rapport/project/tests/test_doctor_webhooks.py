"""What the doctor says of webhooks and of an instance that was restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.accounts.models import Workspace
from rapport.automation.actions import switch_off
from rapport.automation.models import Delivery, Webhook
from rapport.automation.tests.making import make_delivery, make_webhook
from rapport.project.doctor.finding import Grade
from rapport.project.doctor.webhooks import are_webhooks_well, is_speaking

pytestmark = pytest.mark.django_db


def test_webhooks_are_well_until_one_is_not() -> None:
    webhook = make_webhook("https://hooks.example/in")
    made = make_delivery(webhook)
    assert are_webhooks_well().grade == Grade.GOOD
    Delivery.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert "1 message waits, since" in are_webhooks_well().sentence
    Delivery.objects.filter(pk=made.pk).update(state="dead")
    assert "1 message of the last 30 days was given up" in are_webhooks_well().sentence
    switch_off(webhook)
    assert are_webhooks_well().grade == Grade.ADVICE
    Webhook.objects.update(off_at=None)
    switch_off(webhook, Webhook.Reason.GONE)
    found = are_webhooks_well()
    assert found.grade == Grade.BAD
    assert "Sheet: The receiver said that it is gone" in found.sentence


def test_a_restored_instance_is_said_to_be_quiet() -> None:
    make_delivery(make_webhook("https://hooks.example/in"))
    assert is_speaking().grade == Grade.GOOD
    Workspace.objects.update(quiet_since=timezone.now())
    assert "Waiting: letters 0, messages 1" in is_speaking().sentence

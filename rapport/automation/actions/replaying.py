"""Sending again what was sent before, and trying whether a receiver answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from rapport.accounts.actions.actor import NOBODY, Actor
from rapport.automation.actions.switching import wake
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.payload import TEST, trial_payload
from rapport.automation.webhooks.rank import require_rank


def replay(delivery: Delivery, by: Actor = NOBODY) -> int:
    """Send one again under its own id; 0 if it waits anyway. Raises PermissionDenied."""
    return _again(delivery.webhook, Delivery.objects.filter(pk=delivery.pk), by)


def replay_dead(webhook: Webhook, by: Actor = NOBODY) -> int:
    """Send again all that was given up; how many. Raises PermissionDenied."""
    return _again(webhook, Delivery.objects.filter(state=Delivery.State.DEAD), by)


def replay_period(webhook: Webhook, since: datetime, until: datetime, by: Actor = NOBODY) -> int:
    """Send again all that was made from `since` and before `until`; how many. Raises
    PermissionDenied."""
    return _again(webhook, Delivery.objects.filter(made_at__gte=since, made_at__lt=until), by)


@transaction.atomic
def send_test(webhook: Webhook, by: Actor = NOBODY) -> Delivery:
    """Let the worker send a message that tells of nothing, also to a webhook that is off. Raises
    PermissionDenied."""
    require_rank(by, webhook.owner)
    payload = trial_payload(webhook.name, timezone.now().isoformat())
    made = Delivery.objects.create(webhook=webhook, event=TEST, payload=payload)
    wake()
    return made


@transaction.atomic
def _again(webhook: Webhook, some: QuerySet[Delivery], by: Actor) -> int:
    require_rank(by, webhook.owner)
    over = some.filter(webhook=webhook).exclude(state=Delivery.State.WAITING)
    number = over.update(
        state=Delivery.State.WAITING,
        due_at=timezone.now(),
        attempts=0,
        done_at=None,
        status=None,
        answer="",
        fault="",
    )
    if number:
        wake()
    return number

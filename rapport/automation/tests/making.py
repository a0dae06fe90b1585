"""Webhooks and deliveries for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.automation.actions import Wish, create_webhook
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.courier import Courier
from rapport.automation.webhooks.following import follow
from rapport.records.tests.rollups import until_closed


def make_webhook(url: str, owner: User | None = None, **wish: Any) -> Webhook:
    """A webhook that hears of people unless told otherwise."""
    given = {"name": "Sheet", "url": url, "objects": ["person"]} | wish
    webhook, _secret = create_webhook(owner or make_user(), Wish(**given))
    return webhook


def make_delivery(webhook: Webhook, record: UUID | None = None, **facts: Any) -> Delivery:
    """Something that waits to be sent."""
    given = {"event": "person.changed", "object": "person", "payload": '{"type": "t"}'}
    return Delivery.objects.create(webhook=webhook, record_id=record, **given | facts)


def deliver() -> None:
    """Do what the worker does: read the log, and send what is due."""
    hear()
    send_due()


def hear() -> None:
    """Read the log to its end, however long other tests hold it open."""
    if not connection.in_atomic_block:
        until_closed()
    follow()


def send_due() -> None:
    """Send what is due, by hands that end with it."""
    courier = Courier()
    try:
        courier.run_until_idle()
    finally:
        courier.close()

"""What becomes of deliveries and their webhooks after tries, of the former in one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from rapport.automation.actions.switching import switch_off
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.pace import ENOUGH, hold_after, wait_after
from rapport.automation.webhooks.sending import GONE, Tried
from rapport.records.reading.documents import Encoder

KEEP = """
UPDATE automation_delivery AS one
SET state = now.state, due_at = coalesce(now.due_at, one.due_at), done_at = now.done_at,
    attempts = now.attempts, tries = one.tries || now.tried, status = now.status,
    answer = now.answer, fault = now.fault
FROM jsonb_to_recordset(%(rows)s::jsonb) AS now (
  number bigint, state text, due_at timestamptz, done_at timestamptz, attempts integer,
  tried jsonb, status integer, answer text, fault text)
WHERE one.number = now.number AND one.state = 'waiting'
"""


@transaction.atomic
def record(several: Sequence[Tried]) -> None:
    """Write down how some tries went, in the order in which they ended."""
    wanted = Delivery.objects.filter(pk__in=[one.due.number for one in several])
    attempts = dict(wanted.values_list("number", "attempts"))
    rows = [_row(one, attempts[one.due.number]) for one in several if one.due.number in attempts]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {"rows": json.dumps(rows, cls=Encoder)})
    by_webhook: dict[UUID, list[Tried]] = defaultdict(list)
    for one in several:
        by_webhook[one.due.target.webhook].append(one)
    # Always in one order, so that two who do it never wait for each other.
    for key in sorted(by_webhook):
        _note_health(key, by_webhook[key])


def _row(one: Tried, before: int) -> dict[str, Any]:
    attempts = before + 1
    wait = None if one.is_good or one.status == GONE else wait_after(attempts, one.asked)
    over = Delivery.State.DELIVERED if one.is_good else Delivery.State.DEAD
    return {
        "number": one.due.number,
        "state": over if wait is None else Delivery.State.WAITING,
        "due_at": timezone.now() + wait if wait else None,
        "done_at": one.at if wait is None else None,
        "attempts": attempts,
        "tried": [{"at": one.at, "ms": one.milliseconds, "status": one.status, "fault": one.fault}],
        "status": one.status,
        "answer": one.answer,
        "fault": one.fault,
    }


def _note_health(key: UUID, several: Iterable[Tried]) -> None:
    """How the receiver does: whether it is left alone for a while, or for good."""
    webhook = Webhook.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=key)
    found = webhook.first()
    if found is None:
        return
    for one in several:
        _note_one(found, one)
    found.save(update_fields=["failures", "failing_since", "held_until", "succeeded_at"])
    if any(one.status == GONE for one in several):
        switch_off(found, Webhook.Reason.GONE)
    elif found.failing_since and timezone.now() - found.failing_since > ENOUGH:
        switch_off(found, Webhook.Reason.FAILING)


def _note_one(webhook: Webhook, one: Tried) -> None:
    if one.is_good:
        webhook.failures, webhook.failing_since, webhook.held_until = 0, None, None
        webhook.succeeded_at = one.at
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or one.at
    hold = hold_after(webhook.failures, one.asked)
    webhook.held_until = timezone.now() + hold if hold else None

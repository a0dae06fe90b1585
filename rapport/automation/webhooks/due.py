"""What is to be sent next: of each record the earliest, as long as its webhook is on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.sealing import CannotOpen
from rapport.automation.actions.switching import switch_off
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.pace import PROBING
from rapport.records import access, registry

#: How many of one webhook are fetched ahead, and how many while it fails.
AHEAD, ONE = 100, 1
DUE = """
SELECT due.number FROM automation_webhook AS hook
JOIN accounts_user AS owner ON owner.id = hook.owner_id AND owner.is_active
LEFT JOIN unnest(%(hooks)s::uuid[], %(used)s::int[]) AS busy (id, used) ON busy.id = hook.id
CROSS JOIN LATERAL (
  SELECT one.number FROM automation_delivery AS one
  WHERE one.webhook_id = hook.id AND one.state = 'waiting' AND one.due_at <= statement_timestamp()
    AND (hook.off_at IS NULL OR one.object = '')
    AND one.number <> ALL (%(busy)s::bigint[])
    AND (one.record_id IS NULL OR one.number = (
      SELECT min(first.number) FROM automation_delivery AS first
      WHERE first.webhook_id = hook.id AND first.record_id = one.record_id
        AND first.state = 'waiting'))
  ORDER BY one.number
  LIMIT greatest(0, CASE WHEN hook.failures < %(probing)s THEN %(ahead)s ELSE %(one)s END
    - coalesce(busy.used, 0))
) AS due
WHERE hook.held_until IS NULL OR hook.held_until <= statement_timestamp()
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook is, and what it takes to be believed there."""

    webhook: UUID
    url: str
    headers: Mapping[str, str]
    secrets: Sequence[str]
    language: str


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery that is to be sent now."""

    number: int
    message_id: str
    payload: str
    target: Target


@transaction.atomic
def claim(under_way: Mapping[int, UUID]) -> list[Due]:
    """What is to be sent beside that which is under way (number and webhook), in order.

    Nothing is written down: whoever dies with it has sent it or not, and it is still due. What its
    owner may not know any more is withheld.
    """
    used = Counter(under_way.values())
    params: dict[str, Any] = {
        "hooks": list(used), "used": list(used.values()), "busy": list(under_way),
        "ahead": AHEAD, "one": ONE, "probing": PROBING,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(DUE, params)
        numbers = [number for (number,) in cursor.fetchall()]
    if not numbers:
        return []
    wanted = Delivery.objects.filter(pk__in=numbers).order_by("number")
    found = list(wanted.select_related("webhook", "webhook__owner", "webhook__owner__role"))
    seen = set(_seen(found))
    _withhold([one.number for one in found if one.number not in seen])
    return list(_aimed([one for one in found if one.number in seen]))


def is_anything_waiting() -> bool:
    """Whether something is to be sent sooner or later."""
    return Delivery.objects.filter(state=Delivery.State.WAITING).exists()


def _seen(found: Sequence[Delivery]) -> Iterator[int]:
    """Those whose record and fields the owner of the webhook may know of at this moment."""
    by_owner: dict[User, list[Delivery]] = defaultdict(list)
    for one in found:
        by_owner[one.webhook.owner].append(one)
    for owner, several in by_owner.items():
        principal = principal_of(owner)
        keys = _records_seen(principal, several)
        yield from (one.number for one in several if _may_tell(principal, one, keys))


def _records_seen(principal: Principal, several: Sequence[Delivery]) -> Collection[UUID]:
    wanted = sorted(
        {
            (one.object, one.record_id)
            for one in several
            if one.record_id is not None and registry.is_declared(one.object)
        }
    )
    return access.titles(principal, wanted, "en", trashed=None).keys()


def _may_tell(principal: Principal, one: Delivery, keys: Collection[UUID]) -> bool:
    if not one.object:
        return True
    if not registry.is_declared(one.object):
        return False
    declaration = registry.get(one.object)
    if one.record_id not in keys and not access.reaches_all(principal, declaration):
        return False
    # A field that is there no more says nothing that it did not say before.
    known = set(one.told) & declaration.fields.keys()
    return known <= access.fields(principal, one.object).readable


def _withhold(numbers: Sequence[int]) -> None:
    if numbers:
        Delivery.objects.filter(pk__in=numbers).update(
            state=Delivery.State.WITHHELD, done_at=timezone.now(), payload=""
        )


def _aimed(found: Sequence[Delivery]) -> Iterator[Due]:
    targets: dict[UUID, Target | None] = {}
    for one in found:
        if one.webhook_id not in targets:
            targets[one.webhook_id] = _target(one.webhook)
        if (target := targets[one.webhook_id]) is not None:
            yield Due(one.number, one.message_id, one.payload, target)


def _target(webhook: Webhook) -> Target | None:
    """None where its secrets can't be opened, with which it is switched off."""
    try:
        secrets = webhook.secrets(timezone.now())
        return Target(webhook.pk, webhook.url, webhook.headers, secrets, webhook.owner.language)
    except CannotOpen:
        switch_off(webhook, Webhook.Reason.SEALED)
        return None

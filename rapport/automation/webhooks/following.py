"""From the log to deliveries: each stretch in one transaction with the place it ends at, so that
what was committed is sent once to everybody who is to hear of it, whatever dies meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from rapport.accounts.principals import principal_of
from rapport.accounts.queries import workspace
from rapport.automation.actions.switching import switch_off
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.happenings import Happening, acts_in, happenings, rows_in
from rapport.automation.webhooks.hearing import heard_by
from rapport.automation.webhooks.payload import event_name, payload_of
from rapport.records import registry
from rapport.records.conditions import ConditionError
from rapport.records.kinds import Context
from rapport.records.metadata.noticing import refresh
from rapport.records.models import ChangeSet, Cursor
from rapport.records.reading import context_for
from rapport.records.reads.noting import note_told

CURSOR = "webhooks"
#: Rows of the log in one transaction, but that a transaction is never parted.
STRETCH = 5_000
BATCH = 1_000
EDGE = "SELECT rapport_log_edge()::text::bigint - 1"
END = """
SELECT max(xid::text::bigint) FROM (
  SELECT xid FROM records_change
  WHERE xid > %(after)s::text::xid8 AND xid <= %(edge)s::text::xid8
  ORDER BY xid, id LIMIT %(most)s
) AS stretch
"""
TELL = "SELECT pg_notify('rapport_webhooks', '')"


def follow() -> None:
    """Make deliveries of all that the log has noted since."""
    refresh()
    while _follow():
        pass


@transaction.atomic
def _follow() -> bool:
    """Go through one stretch of the log; whether there was one."""
    _take_time()
    # The edge is asked for before the webhooks: one that is not seen yet hears from later on.
    edge = _edge()
    webhooks = list(_listening())
    first = min([edge, *(one.since for one in webhooks)])
    Cursor.objects.get_or_create(name=CURSOR, defaults={"xid": first})
    at = Cursor.objects.select_for_update().get(name=CURSOR)
    last = _end_behind(at.xid, edge) if webhooks else None
    if last is None:
        Cursor.objects.filter(pk=at.pk, xid__lt=edge).update(xid=edge)
        return False
    if _deliver(webhooks, at.xid, last):
        with connection.cursor() as cursor:
            cursor.execute(TELL)
    Cursor.objects.filter(pk=at.pk).update(xid=last)
    return True


def _take_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


def _edge() -> int:
    """The last transaction before which none is under way."""
    with connection.cursor() as cursor:
        cursor.execute(EDGE)
        (found,) = cursor.fetchone()
    return int(found)


def _end_behind(after: int, edge: int) -> int | None:
    """The transaction with which the next stretch ends; None where there is nothing to read."""
    with connection.cursor() as cursor:
        cursor.execute(END, {"after": after, "edge": edge, "most": STRETCH})
        (found,) = cursor.fetchone()
    return found


def _listening() -> Iterator[Webhook]:
    """Webhooks that are on, or only held, and whose owner works here."""
    hears = Q(off_at=None) | Q(off_reason=Webhook.Reason.RESTORED)
    found = Webhook.objects.filter(hears, owner__is_active=True)
    return found.select_related("owner", "owner__role").order_by("pk").iterator()


def _deliver(webhooks: Sequence[Webhook], after: int, last: int) -> int:
    """Make the deliveries of one stretch; how many."""
    acts = {
        key: made
        for key, made in acts_in(after, last).items()
        if any(_hears_act(webhook, made) for webhook in webhooks)
    }
    if not acts:
        return 0
    names = {name for webhook in webhooks for name in webhook.objects_heard}
    rows = rows_in(after, last, acts, names)
    site = (workspace().public_address or settings.PUBLIC_URL).rstrip("/")
    made = 0
    for group in _by_owner(webhooks):
        principal = principal_of(group[0].owner)
        found = happenings(principal, rows, acts)
        for webhook in group:
            made += _keep(webhook, found, context_for(principal, workspace()), site)
    return made


def _by_owner(webhooks: Sequence[Webhook]) -> Iterator[list[Webhook]]:
    groups: dict[UUID, list[Webhook]] = defaultdict(list)
    for webhook in webhooks:
        groups[webhook.owner_id].append(webhook)
    yield from groups.values()


def _hears_act(webhook: Webhook, made: ChangeSet) -> bool:
    one = Happening("", made.pk, made, made.at, 0)
    return (webhook.hears_undo or one.undo_of is None) and (
        webhook.hears_imports or not one.is_import
    )


def _keep(webhook: Webhook, found: Sequence[Happening], context: Context, site: str) -> int:
    """Write down what one webhook is to be told."""
    several = [one for one in found if _hears_act(webhook, one.made)]
    try:
        heard = heard_by(webhook, several, context)
    except ConditionError:
        switch_off(webhook, Webhook.Reason.CONDITION)
        return 0
    _note(heard, context)
    made = [_delivery(webhook, one, site) for one in heard]
    Delivery.objects.bulk_create(made, batch_size=BATCH)
    return len(made)


def _delivery(webhook: Webhook, one: Happening, site: str) -> Delivery:
    return Delivery(
        webhook=webhook,
        event=event_name(one),
        object=one.object,
        record_id=one.record_id,
        told=sorted(one.touched),
        payload=payload_of(one, site),
    )


def _note(heard: Sequence[Happening], context: Context) -> None:
    """Let the log of reads know which sensitive fields leave the house."""
    context.through = "webhook"
    told: dict[str, dict[UUID, set[str]]] = defaultdict(dict)
    for one in heard:
        told[one.object].setdefault(one.record_id, set()).update(one.touched)
    for name, records in told.items():
        note_told(registry.get(name), records, context)

"""Which of the things that happened a webhook wants to hear of."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.automation.models import Webhook
from rapport.automation.webhooks.happenings import Happening
from rapport.records import registry
from rapport.records.conditions import from_json, matches
from rapport.records.kinds import Context


def heard_by(
    webhook: Webhook, several: Sequence[Happening], context: Context
) -> Sequence[Happening]:
    """Those that it asked for, in order; its condition is asked of all records in one statement,
    of those in the trash as well. Raises ConditionError where it can't be asked (any more)."""
    wanted = [one for one in several if _wants(webhook, one)]
    if webhook.condition is None or not wanted:
        return wanted
    (name,) = webhook.objects_heard
    ids = {one.record_id for one in wanted}
    meeting = matches(from_json(webhook.condition), registry.get(name), ids, context, trashed=None)
    return [one for one in wanted if one.record_id in meeting]


def _wants(webhook: Webhook, one: Happening) -> bool:
    if one.xid <= webhook.since or one.object not in webhook.objects_heard:
        return False
    if one.event not in webhook.events:
        return False
    is_of_change = one.event == Webhook.Event.CHANGED and bool(webhook.fields)
    return not is_of_change or not one.touched.isdisjoint(webhook.fields)

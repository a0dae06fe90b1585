"""Switching webhooks off and on."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import ADMINISTRATORS, NOBODY, Actor, record_event
from rapport.accounts.models import SecurityEvent, User
from rapport.automation.models import Delivery, Webhook
from rapport.automation.webhooks.rank import require_rank
from rapport.records.models import Notification
from rapport.records.notifications.telling import tell

NOW = "SELECT rapport_log_number(pg_current_xact_id())::text::bigint"


@transaction.atomic
def switch_off(
    webhook: Webhook, reason: Webhook.Reason = Webhook.Reason.BY_HAND, by: Actor = NOBODY
) -> None:
    """Let a webhook hear of nothing any more; what waits stays. Where nobody did it by hand, its
    owner and the administrators are told. Raises PermissionDenied."""
    require_rank(by, webhook.owner)
    found = Webhook.objects.filter(pk=webhook.pk, off_at=None)
    if not found.update(off_at=timezone.now(), off_reason=reason):
        return
    webhook.refresh_from_db(fields=["off_at", "off_reason"])
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, webhook.owner, name=webhook.name)
    if reason != Webhook.Reason.BY_HAND:
        for user in _concerned(webhook):
            _tell(user, webhook)


@transaction.atomic
def switch_on(webhook: Webhook, by: Actor = NOBODY) -> None:
    """Let it hear of what happens from now on, and try at once what still waits; one that was held
    has heard all the time. Raises PermissionDenied."""
    require_rank(by, webhook.owner)
    found = Webhook.objects.filter(pk=webhook.pk).exclude(off_at=None)
    fresh = {"failures": 0, "failing_since": None, "held_until": None}
    since = webhook.since if webhook.is_held else now_in_log()
    if not found.update(off_at=None, off_reason="", since=since, **fresh):
        return
    webhook.refresh_from_db()
    waiting = Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING)
    waiting.update(due_at=timezone.now())
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, webhook.owner, name=webhook.name)
    wake()


@transaction.atomic
def go_on(*, without_waiting: bool, by: Actor = NOBODY) -> None:
    """Switch on all that are held since a restore; what waited is sent, or withheld for good.
    Raises PermissionDenied."""
    held = Webhook.objects.filter(off_reason=Webhook.Reason.RESTORED).select_related("owner")
    several = list(held.order_by("pk"))
    if without_waiting:
        waiting = Delivery.objects.filter(webhook__in=several, state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.WITHHELD, done_at=timezone.now(), payload="")
    for webhook in several:
        switch_on(webhook, by)


def now_in_log() -> int:
    """The number of this transaction: whatever begins after it has a higher one."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        (found,) = cursor.fetchone()
    return int(found)


def wake() -> None:
    """Let the worker look what is due, once the present transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('rapport_webhooks', '')")


def _concerned(webhook: Webhook) -> list[User]:
    """The owner, and who administers."""
    people = User.objects.filter(is_active=True, is_service=False)
    found = {one.pk: one for one in people.filter(role__key__in=ADMINISTRATORS)}
    found |= {one.pk: one for one in people.filter(pk=webhook.owner_id)}
    return [found[key] for key in sorted(found)]


def _tell(user: User, webhook: Webhook) -> None:
    def words() -> str:
        facts = {"name": webhook.name, "why": webhook.get_off_reason_display()}
        return _("The webhook “%(name)s” was switched off: %(why)s.") % facts

    tell(user, Notification.Kind.JOB_FAILED, words, f"/setup/webhooks/{webhook.pk}/")

"""What leaves the house: webhooks that are well, and an instance that may speak."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from rapport.accounts.models import Workspace
from rapport.accounts.quiet import held_letters
from rapport.automation.models import Delivery, Webhook

from .finding import Finding, advice, bad, good

NAME = "webhooks"
LONG = timedelta(hours=1)
MOST_NAMED = 3
WHERE = "See Settings, Webhooks."


def is_speaking() -> Finding:
    """Look whether a restore made it quiet."""
    since = Workspace.objects.values_list("quiet_since", flat=True).first()
    if since is None:
        return good("quiet", "Letters and webhooks may leave.")
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).count()
    return advice(
        "quiet",
        f"Restored {since:%Y-%m-%d %H:%M}: no letter and no webhook leaves until an owner says so. "
        f"{held_letters()} letters and {waiting} messages wait. {WHERE}",
    )


def are_webhooks_well() -> Finding:
    """Look for those that were switched off, for messages that were given up, and for a jam."""
    by_hand = (Webhook.Reason.BY_HAND, Webhook.Reason.RESTORED)
    off = list(Webhook.objects.exclude(off_at=None).exclude(off_reason__in=by_hand))
    if off:
        named = "; ".join(f"{one.name}: {one.get_off_reason_display()}" for one in off[:MOST_NAMED])
        return bad(NAME, f"{len(off)} switched off by themselves ({named}). {WHERE}")
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    if dead:
        return advice(
            NAME, f"{dead} messages of the last 30 days were given up. Send them again? {WHERE}"
        )
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, webhook__off_at=None)
    oldest = waiting.aggregate(at=Min("made_at"))["at"]
    if oldest is not None and timezone.now() - oldest > LONG:
        return advice(
            NAME,
            f"{waiting.count()} messages wait, the first since {oldest:%Y-%m-%d %H:%M}. {WHERE}",
        )
    return good(NAME, f"{Webhook.objects.count()} webhooks, and nothing waits long.")

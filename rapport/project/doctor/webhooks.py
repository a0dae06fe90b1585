"""What leaves the house: webhooks that are well, and an instance that may speak."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.models import Workspace
from rapport.accounts.quiet import held_letters
from rapport.automation.models import Delivery, Webhook

from .finding import Finding, advice, bad, good, said_moment

NAME = "webhooks"
PAGE = "/setup/webhooks/"
LONG = timedelta(hours=1)
MOST_NAMED = 3


def is_speaking() -> Finding:
    """Look whether a restore made it quiet."""
    since = Workspace.objects.values_list("quiet_since", flat=True).first()
    if since is None:
        return good("quiet", _("Letters and webhooks may leave."))
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).count()
    facts = {"at": said_moment(since), "letters": held_letters(), "messages": waiting}
    return advice(
        "quiet",
        _(
            "Restored %(at)s: no letter and no webhook leaves until an owner says so. "
            "Waiting: letters %(letters)d, messages %(messages)d."
        )
        % facts,
        _("See Settings, Webhooks."),
        PAGE,
    )


def are_webhooks_well() -> Finding:
    """Look for those that were switched off, for messages that were given up, and for a jam."""
    by_hand = (Webhook.Reason.BY_HAND, Webhook.Reason.RESTORED)
    off = list(Webhook.objects.exclude(off_at=None).exclude(off_reason__in=by_hand))
    if off:
        named = "; ".join(f"{one.name}: {one.get_off_reason_display()}" for one in off[:MOST_NAMED])
        said = ngettext(
            "%(n)d webhook switched off by itself (%(which)s).",
            "%(n)d webhooks switched off by themselves (%(which)s).",
            len(off),
        ) % {"n": len(off), "which": named}
        return bad(NAME, said, _("Mend the receiver, then switch them on again."), PAGE)
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    if dead:
        said = ngettext(
            "%(n)d message of the last 30 days was given up.",
            "%(n)d messages of the last 30 days were given up.",
            dead,
        ) % {"n": dead}
        return advice(NAME, said, _("Send them again?"), PAGE)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, webhook__off_at=None)
    oldest = waiting.aggregate(at=Min("made_at"))["at"]
    if oldest is not None and timezone.now() - oldest > LONG:
        number = waiting.count()
        said = ngettext(
            "%(n)d message waits, since %(at)s.",
            "%(n)d messages wait, the first since %(at)s.",
            number,
        ) % {"n": number, "at": said_moment(oldest)}
        return advice(NAME, said, _("Look at what the receivers answer."), PAGE)
    number = Webhook.objects.count()
    said = ngettext(
        "%(n)d webhook, and nothing waits long.",
        "%(n)d webhooks, and nothing waits long.",
        number,
    )
    return good(NAME, said % {"n": number}, PAGE)

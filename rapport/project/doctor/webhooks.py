"""What leaves the house: webhooks that are well, and an instance that may speak."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.quiet import held_letters
from rapport.automation.models import Delivery, Webhook

from .finding import Finding, advice, bad, good

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
    facts = {"at": f"{since:%Y-%m-%d %H:%M}", "letters": held_letters(), "messages": waiting}
    return advice(
        "quiet",
        _(
            "Restored %(at)s: no letter and no webhook leaves until an owner says so. "
            "%(letters)d letters and %(messages)d messages wait."
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
        said = _("%(n)d switched off by themselves (%(which)s).") % {"n": len(off), "which": named}
        return bad(NAME, said, _("Mend the receiver, then switch them on again."), PAGE)
    dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    if dead:
        said = _("%(n)d messages of the last 30 days were given up.") % {"n": dead}
        return advice(NAME, said, _("Send them again?"), PAGE)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, webhook__off_at=None)
    oldest = waiting.aggregate(at=Min("made_at"))["at"]
    if oldest is not None and timezone.now() - oldest > LONG:
        facts = {"n": waiting.count(), "at": f"{oldest:%Y-%m-%d %H:%M}"}
        said = _("%(n)d messages wait, the first since %(at)s.") % facts
        return advice(NAME, said, _("Look at what the receivers answer."), PAGE)
    said = _("%(n)d webhooks, and nothing waits long.") % {"n": Webhook.objects.count()}
    return good(NAME, said, PAGE)

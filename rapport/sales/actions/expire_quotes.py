"""Quotes whose last day is over."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.accounts.queries import workspace
from rapport.records.store import change
from rapport.sales.models import Quote

#: More than a day brings; what is left goes with the next night.
MOST = 10_000


def expire_quotes() -> int:
    """Have quotes that were sent, and were valid until a day that is past, expire; how many."""
    today = timezone.localdate(timezone=ZoneInfo(workspace().timezone))
    late = Quote.objects.filter(state="sent", valid_until__lt=today, deleted_at=None)
    if not late.exists():
        return 0
    with change(service("clock"), via="job", title=_("Quotes that expired")) as made:
        # One that its customer answers just now is locked, and no longer open afterwards.
        locked = late.select_for_update(skip_locked=True).order_by("valid_until", "pk")
        ids = list(locked.values_list("pk", flat=True)[:MOST])
        return made.update_many("quote", ids, {"state": "expired"})

"""Leads that were set aside until a day: on it they are new again, and their clock starts anew."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.queries import workspace
from rapport.contacts.leads.assigning import restart
from rapport.contacts.leads.crew import ROUTER
from rapport.contacts.models import Lead, LeadSettings
from rapport.records import access
from rapport.records.store import change

MOST = 10_000


@transaction.atomic
def return_leads(at: datetime | None = None) -> int:
    """Bring recycled leads back whose day has come in the firm's zone; how many."""
    at = at or timezone.now()
    settings = LeadSettings.held()
    today = at.astimezone(ZoneInfo(workspace().timezone)).date()
    found = access.rows(ROUTER, "lead").filter(status="recycled", returns_on__lte=today)
    ids = list(found.order_by("returns_on", "id").values_list("pk", flat=True)[:MOST])
    if not ids:
        return 0
    with change(ROUTER, via="job", title=_("Leads that come back")) as made:
        back = {"status": "new", "returns_on": None, "answered_at": None}
        made.update_many("lead", ids, back)
        # What nobody can edit no door of the store takes.
        rows = Lead._default_manager.filter(pk__in=ids)
        rows.update(returns=Coalesce("returns", 0) + 1, returned_at=at, answer_kept="")
        restart(made, settings, ids, at)
    return len(ids)

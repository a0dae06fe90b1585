"""What the worker does for webhooks by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.automation.models import Delivery, Webhook
from rapport.records.models import Tombstone

#: The diary of deliveries is kept for a month, and so are payloads: they hold what records said.
KEPT = timedelta(days=30)


@app.periodic(cron="23 * * * *")
@app.task(name="automation.blank_forgotten", queue="maintenance")
def blank_forgotten(timestamp: int) -> None:
    """Blank what was told, or is to be told, of records that the log had to forget since."""
    forgotten = Tombstone.objects.filter(
        record_id=OuterRef("record_id"), at__gte=OuterRef("made_at")
    )
    found = Delivery.objects.exclude(payload="").filter(Exists(forgotten))
    found.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.WITHHELD, done_at=timezone.now()
    )
    found.update(payload="", answer="")


@app.periodic(cron="33 3 * * *")
@app.task(name="automation.forget_deliveries", queue="maintenance")
def forget_deliveries(timestamp: int) -> None:
    """Remove deliveries of a month ago, those of webhooks that stay off included, and secrets that
    sign no more."""
    now = timezone.now()
    Delivery.objects.filter(made_at__lt=now - KEPT).delete()
    Webhook.objects.filter(old_secret_until__lt=now).update(
        old_secret_sealed="", old_secret_until=None
    )

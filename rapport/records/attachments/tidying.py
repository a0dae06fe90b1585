"""Content of files that nobody can bring back any more."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.records.changes.sets import WINDOW
from rapport.records.models import Attachment, Change, FileText

MOST = 10_000


@app.periodic(cron="47 3 * * *")
@app.task(name="records.tidy_files", queue="maintenance")
def tidy_files(timestamp: int) -> None:
    """Remove content whose row was deleted longer ago than undo reaches."""
    until = timezone.now() - WINDOW - timedelta(days=1)
    since = until - timedelta(days=60)
    deleted = Change.objects.filter(
        table=Attachment._meta.db_table, kind="delete", at__gte=since, at__lt=until
    )
    rows = list(deleted.values_list("row_id", "old")[:MOST])
    keys = {old["storage_key"] for _key, old in rows if old}
    present = Attachment.objects.filter(storage_key__in=keys)
    for key in keys - set(present.values_list("storage_key", flat=True)):
        default_storage.delete(key)
    gone = {UUID(str(key)) for key, _old in rows}
    gone -= set(Attachment.objects.filter(pk__in=gone).values_list("pk", flat=True))
    FileText.objects.filter(pk__in=gone).delete()

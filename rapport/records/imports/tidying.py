"""Imports that somebody prepared and never started: kept for a while, then let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from rapport.records.imports.drafting import FOLDER
from rapport.records.imports.stored import path_of
from rapport.records.models import ImportRun, ImportSet

DAYS = 14
"""How long an import waits for its start, in days."""
State = ImportRun.State
UNDER_WAY = (State.QUEUED, State.RUNNING)


@app.periodic(cron="51 3 * * *")
@app.task(name="records.tidy_imports", queue="maintenance")
def tidy_imports(timestamp: int) -> None:
    """Remove imports that nobody started, and uploads that no import knows."""
    until = timezone.now() - timedelta(days=DAYS)
    for run in _given_up(ImportRun, until).filter(set=None):
        run.delete()
    for made in _given_up(ImportSet, until):
        made.delete()
    _remove_strays(until)


def _given_up[Draft: (ImportRun, ImportSet)](
    model: type[Draft], until: datetime
) -> QuerySet[Draft]:
    """The drafts from before `until` that are not being checked, and were not since."""
    drafts = model._default_manager.filter(state=State.DRAFT, created_at__lt=until)
    return drafts.exclude(checks__state__in=UNDER_WAY).exclude(checks__created_at__gte=until)


def _remove_strays(until: datetime) -> None:
    """Remove the files from before `until` that no run and no set holds, and what was learnt of
    them."""
    held = set(ImportRun.objects.values_list("storage", flat=True))
    for left in ImportSet.objects.values_list("left", flat=True):
        held.update(one["storage"] for one in left)
    kept = {path_of(place).name for place in held if place}
    for path in (Path(settings.MEDIA_ROOT) / FOLDER).glob("*"):
        is_old = path.stat().st_mtime < until.timestamp()
        if is_old and path.name.partition(".")[0] not in kept:
            path.unlink(missing_ok=True)

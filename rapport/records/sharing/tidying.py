"""Shares that let nobody do anything any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from procrastinate.contrib.django import app

from rapport.accounts.models import Role, Team, User
from rapport.accounts.principals import service
from rapport.records.changes.sets import WINDOW
from rapport.records.models import Share
from rapport.records.sharing.holders import ROLE, TEAM, USER
from rapport.records.sharing.verbs import today
from rapport.records.store import change

MOST = 10_000


@app.periodic(cron="52 3 * * *")
@app.task(name="records.tidy_shares", queue="maintenance")
def tidy_shares(timestamp: int) -> None:
    """Take away shares that ended as long ago as undo reaches, and those of teams and roles that
    are gone."""
    is_over = Q(until__lt=today() - timedelta(days=WINDOW.days))
    is_lost = Q()
    for kind, model in ((USER, User), (TEAM, Team), (ROLE, Role)):
        is_lost |= Q(holder_kind=kind) & ~Q(holder_id__in=model.objects.values("pk"))
    keys = list(Share.objects.filter(is_over | is_lost).values_list("pk", flat=True)[:MOST])
    if keys:
        with change(service("shares"), via="job", title="Shares that ended"):
            Share.objects.filter(pk__in=keys).delete()

"""In which ways a user hears of what: at the bell, by mail, or only in the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.records.models import Notification, NotificationChoice

Kind = Notification.Kind
#: What each kind is called where one chooses.
LABELS = {
    Kind.MENTION: _("Somebody mentions you"),
    Kind.ASSIGNED: _("Somebody makes you the owner of a record"),
    Kind.SHARED: _("Somebody shares a record with you"),
    Kind.DUE: _("A task of yours is due"),
    Kind.MEETING: _("A meeting of yours is about to begin"),
    Kind.PLAN: _("An agent wants you to approve changes"),
    Kind.QUOTE: _("A customer opens, comments on or answers a quote of yours"),
    Kind.APPROVAL: _("A quote waits for your approval, or yours was decided on"),
    Kind.RIGHTS: _("A permission test does not hold any more"),
    Kind.JOB_DONE: _("A job of yours is done"),
    Kind.JOB_FAILED: _("A job of yours did not work"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody hears of one kind of thing; in the list it always stands."""

    at_bell: bool = True
    by_mail: bool = False
    #: Minutes before, of what has a time.
    before: int = 0


USUAL: Mapping[str, Way] = {
    Kind.MENTION: Way(by_mail=True), Kind.APPROVAL: Way(by_mail=True),
    Kind.MEETING: Way(before=15),
}  # fmt: skip
#: Of which kinds one may be told before, and the minutes from which one chooses.
TIMED = (Kind.DUE, Kind.MEETING)
BEFORE = (0, 5, 15, 30, 60, 120, 1440, 2880)
MINUTE = timedelta(minutes=1)


def ways_of(user_id: UUID | None) -> Mapping[Kind, Way]:
    """How a user hears of each kind."""
    rows = NotificationChoice.objects.filter(user=user_id)
    chosen = {row.kind: Way(row.at_bell, row.by_mail, _before(row)) for row in rows}
    return {kind: chosen.get(kind) or USUAL.get(kind, Way()) for kind in Kind}


@transaction.atomic
def choose_ways(user_id: UUID, ways: Mapping[Kind, Way]) -> None:
    """Have a user hear of these kinds in these ways from now on."""
    for kind, way in ways.items():
        NotificationChoice.objects.update_or_create(
            user_id=user_id, kind=kind,
            defaults={
                "at_bell": way.at_bell, "by_mail": way.by_mail, "before": way.before * MINUTE,
            },
        )  # fmt: skip


def _before(row: NotificationChoice) -> int:
    if row.before is None:
        return USUAL.get(row.kind, Way()).before
    return row.before // MINUTE

"""Telling owners of leads that wait for an answer, before it is late and when it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.contacts.leads.crew import ROUTER
from rapport.contacts.models import Lead, LeadSettings
from rapport.records import access, registry
from rapport.records.models import Notification
from rapport.records.notifications import tell

#: What was late earlier came with a file, or the program stood still for long.
LATEST = timedelta(days=1)
MOST = 1_000
DUE = Notification.Kind.DUE


@transaction.atomic
def tell_of_waiting_leads() -> int:
    """Tell of the leads whose answer is due soon or late, once each; how many were told."""
    settings, now = LeadSettings.present(), timezone.now()
    waiting = (
        access.rows(ROUTER, "lead")
        .filter(answer_by__isnull=False, answered_at__isnull=True, owner__is_active=True)
        .select_related("owner__role", "owner__manager__role")
    )
    told = Notification.objects.filter(
        user=OuterRef("owner"), kind=DUE, about_object="lead", about_id=OuterRef("pk")
    )
    soon = timedelta(minutes=settings.warn_minutes)
    near = waiting.filter(~Exists(told), answer_by__gt=now, answer_by__lte=now + soon)
    late = waiting.filter(
        ~Exists(told.filter(at__gte=OuterRef("answer_by"))),
        answer_by__lte=now, answer_by__gt=now - LATEST,
    )  # fmt: skip
    said = _tell_all(_held(near), _near)
    return said + _tell_all(_held(late), partial(_late, tells_manager=settings.tells_manager))


def _held(found: QuerySet[Lead]) -> Iterable[Lead]:
    return found.select_for_update(of=("self",), skip_locked=True)[:MOST]


def _tell_all(leads: Iterable[Lead], say: Callable[[Lead], int]) -> int:
    return sum(map(say, leads))


def _near(lead: Lead) -> int:
    return _tell(lead.owner, lead, lambda: _("Answer soon: %(lead)s"))


def _late(lead: Lead, *, tells_manager: bool) -> int:
    said = _tell(lead.owner, lead, lambda: _("Nobody has answered yet: %(lead)s"))
    manager = lead.owner.manager if lead.owner and tells_manager else None
    if manager is not None and manager.is_active:
        said += _tell(manager, lead, lambda: _("%(owner)s has not answered yet: %(lead)s"))
    return said


def _tell(user: User | None, lead: Lead, words: Callable[[], str]) -> int:
    if user is None:
        return 0
    title = access.titles(principal_of(user), [("lead", lead.pk)], user.language).get(lead.pk)
    if title is None:
        return 0
    facts = {"lead": title.text, "owner": str(lead.owner)}
    tell(user, DUE, lambda: words() % facts, registry.get("lead").url(lead.pk),
         about=("lead", lead.pk))  # fmt: skip
    return 1

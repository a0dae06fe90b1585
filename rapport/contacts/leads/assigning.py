"""Giving leads to people by the rules, and setting by when each is to be answered.

One at a time does so in the whole instance, which keeps the turns; and many leads take as many
statements as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.contacts.leads.crew import ROUTER, Crew, gather
from rapport.contacts.leads.deciding import decide, lay_out
from rapport.contacts.models import Lead, LeadRule, LeadSettings
from rapport.records import access, registry
from rapport.records.models import Notification
from rapport.records.notifications import tell
from rapport.records.store import ChangeInProgress, change

BATCH = 1_000
#: A lead that says it is older than this came in with a file: its clock starts with its arrival.
FRESH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one lead."""

    lead: Lead
    is_new_owner: bool


@transaction.atomic
def route_new_leads(
    ids: Collection[UUID], at: datetime | None = None, *, part_of: UUID | None = None
) -> int:
    """Route leads that have just come, except those that somebody was given; how many.

    As a part of the act that brought them it is undone with that act, and does not stand in its
    way.
    """
    settings = LeadSettings.held()
    title = _("Routing of leads")
    with change(ROUTER, via="job", title=title, parent=part_of) as made:
        return len(_route(made, settings, ids, at or timezone.now(), is_again=False))


@transaction.atomic
def route_again(principal: Principal, ids: Collection[UUID], *, via: str = "web") -> UUID:
    """Try the rules anew on leads that a user may change; the change set, to undo."""
    settings = LeadSettings.held()
    reached = access.reachable(principal, "lead", ids, "edit")
    with change(principal, via=via, title=_("Route again")) as made:
        _route(made, settings, reached, timezone.now(), is_again=True)
    return made.id


def restart(
    made: ChangeInProgress, settings: LeadSettings, ids: Collection[UUID], at: datetime
) -> None:
    """Route leads that came back as if they were new, and start their clocks."""
    _route(made, settings, ids, at, is_again=False)


def _route(
    made: ChangeInProgress,
    settings: LeadSettings,
    ids: Collection[UUID],
    at: datetime,
    *,
    is_again: bool,
) -> Sequence[Given]:
    rules = list(LeadRule.objects.filter(is_on=True))
    leads = list(_leads(ids))
    crew, laid = gather(rules, at), lay_out(rules, [lead.pk for lead in leads])
    given = []
    for lead in leads:
        before = lead.owner_id
        if rules and (is_again or before in (None, lead.created_by_id)):
            _give(lead, decide(lead.pk, laid, crew), crew)
        if not is_again:
            lead.answer_by = _answer_by(lead, settings, crew)
        given.append(Given(lead, lead.owner_id not in (None, before)))
    _keep([one.lead for one in given])
    LeadRule.objects.bulk_update(rules, ["last_user_id"])
    _tell_owners(given, made.principal)
    return given


def _leads(ids: Collection[UUID]) -> Iterable[Lead]:
    found = access.rows(ROUTER, "lead").filter(pk__in=list(ids), converted_at__isnull=True)
    columns = (
        "owner", "created_by", "created_at", "status", "source", "rating", "answered_at",
        "returned_at", "answer_by", "routing",
    )  # fmt: skip
    held = found.only(*columns).select_for_update(of=("self",))
    return held.order_by("created_at", "id")


def _give(lead: Lead, decision: Any, crew: Crew) -> None:
    if decision.owner is not None:
        lead.owner_id = decision.owner
    lead.routing = {"at": crew.at.isoformat(), "steps": decision.steps}


def _answer_by(lead: Lead, settings: LeadSettings, crew: Crew) -> datetime | None:
    """In the working hours of whoever has it; only new ones wait for an answer."""
    minutes = settings.minutes_for(lead.source, lead.rating)
    if minutes is None or lead.answered_at or lead.status != "new":
        return None
    came = lead.returned_at or lead.created_at
    start = came if crew.at - came < FRESH else crew.at
    return crew.staff.of(lead.owner_id).after(start, minutes)


def _keep(leads: Sequence[Lead]) -> None:
    """Each gets values of its own, so that the store's one value for many does not do; the log has
    them all the same, for a change set is open."""
    routed = [lead for lead in leads if lead.routing is not None]
    others = [lead for lead in leads if lead.routing is None and lead.answer_by is not None]
    write = Lead._default_manager.bulk_update
    write(routed, ["owner", "answer_by", "routing"], batch_size=BATCH)
    write(others, ["answer_by"], batch_size=BATCH)


def _tell_owners(given: Sequence[Given], by: Principal) -> None:
    fresh = [one.lead for one in given if one.is_new_owner and one.lead.owner_id != by.user_id]
    counted = Counter(lead.owner_id for lead in fresh)
    first = {lead.owner_id: lead.pk for lead in reversed(fresh)}
    for user in User.objects.filter(pk__in=list(counted), is_active=True).select_related("role"):
        _tell(user, first[user.pk], counted[user.pk])


def _tell(user: User, lead: UUID, number: int) -> None:
    if number > 1:
        url = "/leads/?owner=me&status=new"
        facts: dict[str, Any] = {"n": number}
        tell(user, Notification.Kind.ASSIGNED, lambda: _("%(n)d new leads for you") % facts, url,
             about=("lead", None))  # fmt: skip
        return
    title = access.titles(principal_of(user), [("lead", lead)], user.language).get(lead)
    if title is None:
        return
    facts = {"lead": title.text}
    tell(user, Notification.Kind.ASSIGNED, lambda: _("A new lead for you: %(lead)s") % facts,
         registry.get("lead").url(lead), about=("lead", lead))  # fmt: skip

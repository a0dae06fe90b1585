"""Leads that go to whoever the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.contacts.leads.assigning import route_again
from rapport.contacts.leads.crew import gather
from rapport.contacts.leads.deciding import Decision, decide, lay_out
from rapport.contacts.models import LeadRule
from rapport.records import access
from rapport.records.store import Missing, Rejected


def route_leads(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Try the rules anew on leads; the change set. Raises Denied, Missing, Rejected."""
    access.check(principal, "edit", "lead")
    if not access.reachable(principal, "lead", ids, "edit"):
        raise Missing(_("This lead is gone, or not yours to change."))
    if not LeadRule.objects.filter(is_on=True).exists():
        raise Rejected({"": _("There is no rule by which leads are given out. Set one up first.")})
    return route_again(principal, ids, via=via)


@transaction.atomic
def try_lead(lead: UUID) -> Decision:
    """What the rules would decide on a lead now; nothing is kept."""
    rules = list(LeadRule.objects.filter(is_on=True))
    return decide(lead, lay_out(rules, [lead]), gather(rules, timezone.now()))

"""Putting people on a call list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.activities.models import CallEntry
from rapport.contacts.models import Lead
from rapport.records import access, registry
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

#: More than a day's work for a whole team; whose turn it is is worked out anew for all of them.
MOST = 500


@dataclass(frozen=True, slots=True)
class Filled:
    """The change set, and the page of the list."""

    id: UUID
    url: str


def call_people(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Filled:
    """Put people on a list, or on a new one. Raises Denied, Missing, Rejected."""
    return _fill(principal, [(one, None) for one in ids], values, via)


def call_leads(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Filled:
    """The same for the people of leads. Raises Denied, Missing, Rejected."""
    found = Lead._default_manager.filter(pk__in=ids).values_list("person_id", "pk")
    seen = access.reachable(principal, "person", [person for person, _lead in found], "view")
    return _fill(principal, [pair for pair in found if pair[0] in seen], values, via)


def _fill(
    principal: Principal, pairs: Sequence[tuple[UUID, UUID | None]], values: Mapping[str, Any],
    via: str,
) -> Filled:  # fmt: skip
    if not pairs:
        raise Rejected({"": _("There is nobody among them whom you see.")})
    with change(principal, via=via, title=_("Call list")) as made:
        key = values.get("call_list") or made.create("call_list", {"name": _name(principal)})
        add_to_list(made, key, pairs)
    return Filled(made.id, registry.get("call_list").url(key))


def add_to_list(
    made: ChangeInProgress, call_list: UUID, pairs: Sequence[tuple[UUID, UUID | None]]
) -> int:
    """Add people with their leads, each once; how many came to it. Raises Missing, Rejected."""
    if not access.reachable(made.principal, "call_list", [call_list], "edit"):
        raise Missing(_("This call list is gone, or not yours to change."))
    entries = CallEntry.objects.filter(call_list=call_list)
    known = set(entries.values_list("person_id", flat=True))
    wanted = {person: lead for person, lead in pairs if person not in known}
    if len(known) + len(wanted) > MOST:
        told = {"most": MOST, "n": len(known) + len(wanted)}
        said = _("A call list holds %(most)d people, these would be %(n)d.") % told
        raise Rejected({"call_list": said})
    CallEntry.objects.bulk_create(
        CallEntry(call_list_id=call_list, person_id=person, lead_id=lead, position=place)
        for place, (person, lead) in enumerate(wanted.items(), len(known))
    )
    return len(wanted)


def _name(principal: Principal) -> str:
    day = timezone.localdate().isoformat()
    return _("Calls by %(who)s, %(day)s") % {"who": principal.name, "day": day}

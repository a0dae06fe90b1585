"""Whose turn it is on a call list, in the order of who picks up now; nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.activities.calling.allowing import Allowance, allowances
from rapport.activities.models import CallEntry, CallList
from rapport.activities.models.call_list import STATES
from rapport.records import access

type When = Literal["now", "later", "closed", "no_number"]
RANK = {"now": 0, "later": 1, "closed": 2, "no_number": 3}
#: Behind everybody of whom it is known when.
NEVER = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who is still to be called: now, later, once hours allow it, or not at all."""

    entry: CallEntry
    name: str
    when: When
    #: The moment from which; None where nobody knows.
    at: datetime | None
    allowance: Allowance | None
    #: Who is calling just now, if it is somebody else.
    taken_by: UUID | None


def turns(principal: Principal, call_list: UUID) -> Sequence[Turn]:
    """Those still to be called whom the reader sees, whose turn is next first."""
    entries = list(
        CallEntry.objects.filter(call_list=call_list, state="open").select_related("claim")
    )
    pairs = [("person", one.person_id) for one in entries]
    names = access.titles(principal, pairs, principal.language)
    seen = [one for one in entries if one.person_id in names]
    known = allowances(principal, [one.person_id for one in seen])
    is_hidden = "phones" not in access.fields(principal, "person").readable
    now = timezone.now()
    made = [
        _turn(one, names[one.person_id].text, None if is_hidden else known.get(one.person_id),
              principal, now)
        for one in seen
    ]  # fmt: skip
    return sorted(made, key=_order)


def _turn(
    entry: CallEntry, name: str, allowance: Allowance | None, principal: Principal, now: datetime
) -> Turn:
    claim = getattr(entry, "claim", None)
    is_taken = claim and claim.until > now and claim.user_id != principal.user_id
    taken_by = claim.user_id if claim and is_taken else None
    when, at = _when(entry, allowance, now)
    return Turn(entry, name, when, at, allowance, taken_by)


def _when(
    entry: CallEntry, allowance: Allowance | None, now: datetime
) -> tuple[When, datetime | None]:
    if allowance is None or not allowance.number:
        return "no_number", None
    if entry.back_at and entry.back_at > now:
        return "later", max(entry.back_at, allowance.from_ or entry.back_at)
    if not allowance.is_now:
        return "closed", allowance.from_
    return "now", now


def _order(turn: Turn) -> Any:
    """Who was promised a call first, then who picks up now, by chance; the others by their time."""
    entry, best = turn.entry, turn.allowance.best if turn.allowance else None
    is_good = bool(best and best.is_now)
    promised = entry.outcome != "call_back"
    if turn.when == "now":
        chance = best.chance if best and is_good else 0.0
        place: Any = (promised, not is_good, -chance, entry.tries)
    else:
        place = (turn.at or NEVER,)
    return RANK[turn.when], *place, entry.position, entry.pk


def figures(call_list: UUID) -> Mapping[str, int]:
    """How many are on it, how many of them in which state, and what came of the last try."""
    counts = {state: Count("pk", filter=Q(state=state)) for state in STATES}
    outcomes = ("reached", "left_message", "no_answer", "busy", "wrong_number", "call_back")
    counts |= {f"last_{one}": Count("pk", filter=Q(outcome=one)) for one in outcomes}
    found = CallEntry.objects.filter(call_list=call_list)
    return found.aggregate(total=Count("pk"), **counts)


def find_list(principal: Principal, call_list: UUID, action: str) -> CallList | None:
    """The list, where the principal may do this with it."""
    found: CallList | None = (
        access.rows(principal, "call_list", action).filter(pk=call_list).first()
    )
    return found

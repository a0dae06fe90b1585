"""How much of their goals people have reached, in this week or month and those before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from rapport.accounts.principals import Principal
from rapport.kit.periods import add_months, period
from rapport.records import access
from rapport.records.kinds import Context
from rapport.sales.models import Goal

#: Weeks or months that are shown, the running one included.
SHOWN = 8
DAYS = 7
#: Goals of so many people and sorts are read at most.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What a sort of goal counts: records of an object, by the day in a column."""

    object: str
    at: str
    only: Mapping[str, str]
    adds: str = ""

    @property
    def reads(self) -> set[str]:
        """The fields that tell of it."""
        added = {"amount"} if self.adds else set()
        return {self.at, "owner", *self.only, *added}


SORTS = {
    "calls": Counted("call", "at", {}),
    "meetings": Counted("meeting", "start", {"status": "held"}),
    "leads": Counted("lead", "created_at", {}),
    "quotes": Counted("quote", "sent_at", {}),
    "deals": Counted("deal", "closed_at", {"state": "won"}),
    "amount": Counted("deal", "closed_at", {"state": "won"}, "amount_base"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """A week or month: its first day, and the day after its last."""

    first: date
    end: date


@dataclass(frozen=True, slots=True)
class Reached:
    """What somebody was to do and did, from the oldest of the weeks or months to the running one.

    `targets` has None where no goal held yet.
    """

    owner: UUID
    counts: str
    span: str
    days: Sequence[Days]
    targets: Sequence[int | None]
    done: Sequence[Decimal]


def spans_until(today: date, context: Context) -> Mapping[str, Sequence[Days]]:
    """The weeks and the months that are shown, the oldest first."""
    week = period("this_week", today, first_weekday=context.first_weekday).start or today
    month = today.replace(day=1)
    back = range(1 - SHOWN, 1)
    weeks = [date.fromordinal(week.toordinal() + DAYS * number) for number in back]
    months = [add_months(month, number) for number in back]
    return {
        "week": [Days(one, date.fromordinal(one.toordinal() + DAYS)) for one in weeks],
        "month": [Days(one, add_months(one, 1)) for one in months],
    }


def reached(principal: Principal, owned: Q, today: date, context: Context) -> list[Reached]:
    """Goals that hold now, with what was done of each; those of sorts that the reader's role tells
    him. `owned` narrows whose."""
    spans = spans_until(today, context)
    first = min(days[0].first for days in spans.values())
    rows = access.rows(principal, "goal").filter(owned, owner__isnull=False)
    held = rows.filter(Q(ends=None) | Q(ends__gte=first)).order_by("-begins", "-pk")[:MOST]
    goals: dict[tuple[UUID, str, str], list[Goal]] = {}
    for goal in held:
        if goal.owner_id and may_read(principal, goal.counts):
            goals.setdefault((goal.owner_id, goal.counts, goal.span), []).append(goal)
    asked = {key: [_holding(some, days) for days in spans[key[2]]] for key, some in goals.items()}
    asked = {key: targets for key, targets in asked.items() if targets[-1] is not None}
    done = _done(principal, asked, spans, context.timezone)
    nothing = [Decimal(0)] * SHOWN
    return [
        Reached(*key, spans[key[2]], targets, done.get(key, nothing))
        for key, targets in asked.items()
    ]


def may_read(principal: Principal, counts: str) -> bool:
    """Whether the reader may be told of this sort of goal."""
    sort = SORTS[counts]
    if not access.may(principal, "view", sort.object):
        return False
    return not access.unread(principal, sort.object, *sort.reads)


def _holding(goals: Iterable[Goal], days: Days) -> int | None:
    """What the newest goal says that holds on one of the days."""
    for goal in goals:
        if goal.begins < days.end and (goal.ends is None or goal.ends >= days.first):
            return int(goal.how_many)
    return None


def _done(
    principal: Principal, asked: Iterable[tuple[UUID, str, str]],
    spans: Mapping[str, Sequence[Days]], zone: ZoneInfo,
) -> dict[tuple[UUID, str, str], list[Decimal]]:  # fmt: skip
    wanted: dict[str, tuple[set[UUID], set[str]]] = {}
    for owner, counts, span in asked:
        owners, of = wanted.setdefault(counts, (set(), set()))
        owners.add(owner)
        of.add(span)
    done: dict[tuple[UUID, str, str], list[Decimal]] = {}
    for counts, (owners, of) in wanted.items():
        # One statement for each sort, of which there are six.
        for row in _rows(principal, SORTS[counts], owners, {one: spans[one] for one in of}, zone):
            for span in of:
                values = [row[f"{span}_{number}"] or 0 for number in range(SHOWN)]
                done[row["owner_id"], counts, span] = [Decimal(one) for one in values]
    return done


def _rows(
    principal: Principal, sort: Counted, owners: Iterable[UUID],
    spans: Mapping[str, Sequence[Days]], zone: ZoneInfo,
) -> Iterable[dict[str, Any]]:  # fmt: skip
    def within(first: date, end: date) -> Q:
        since, until = (datetime.combine(day, time(), zone) for day in (first, end))
        return Q(**{f"{sort.at}__gte": since, f"{sort.at}__lt": until})

    sums: dict[str, Any] = {}
    for span, shown in spans.items():
        for number, days in enumerate(shown):
            is_in = within(days.first, days.end)
            adds = Sum(sort.adds, filter=is_in) if sort.adds else Count("pk", filter=is_in)
            sums[f"{span}_{number}"] = adds
    first = min(shown[0].first for shown in spans.values())
    end = max(shown[-1].end for shown in spans.values())
    rows = access.rows(principal, sort.object).filter(within(first, end), **sort.only)
    return rows.filter(owner_id__in=list(owners)).order_by().values("owner_id").annotate(**sums)

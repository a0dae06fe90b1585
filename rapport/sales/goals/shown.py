"""Goals and how far they are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.hours import Staffing, staffing
from rapport.kit.formats import format_decimal, format_money
from rapport.records import access, registry
from rapport.records.kinds import Context
from rapport.sales.goals.pace import usual_by
from rapport.sales.goals.reached import SORTS, Days, Reached, reached
from rapport.sales.models.goal import COUNTED


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier week or month: what was done, whether that was enough, and where it is listed."""

    done: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One goal on a page."""

    owner: UUID
    counts: str
    span: str
    label: str
    done: str
    target: str
    part: int
    says: str
    tone: str
    url: str
    past: Sequence[Past]
    #: What was done in the running span, its target, and what would be usual by today.
    numbers: tuple[Decimal, int, Decimal | None]


def goals_shown(owned: Q, context: Context) -> list[Shown]:
    """Goals that hold now, by owner and in the order of their sorts."""
    if not access.may(context.principal, "view", "goal"):
        return []
    today = timezone.localdate(timezone=context.timezone)
    found = reached(context.principal, owned, today, context)
    if not found:
        return []
    earliest = min(one.days[-1].first for one in found)
    staff = staffing(datetime.combine(earliest - timedelta(days=1), time(), UTC))
    order = {name: number for number, name in enumerate(COUNTED)}
    found.sort(key=lambda one: (str(one.owner), order[one.counts], one.span))
    return [_shown(one, today, staff, context) for one in found]


def _shown(one: Reached, today: date, staff: Staffing, context: Context) -> Shown:
    done, target = one.done[-1], one.targets[-1] or 0
    usual = usual_by(target, one.owner, one.days[-1], today, staff)
    says, tone = _says(one, done, target, usual, context)
    past = [
        Past(_amount(one, did, context), _tone(did, goal), _url(one, days))
        for did, goal, days in zip(one.done, one.targets, one.days, strict=True)
    ]
    return Shown(
        one.owner, one.counts, one.span, label_of(one), _amount(one, done, context),
        _amount(one, Decimal(target), context), min(100, int(100 * done / target)), says, tone,
        _url(one, one.days[-1]), past[:-1], (done, target, usual),
    )  # fmt: skip


def label_of(one: Reached) -> str:
    """What a goal is called: what it counts, and in which span."""
    each = _("this week") if one.span == "week" else _("this month")
    return _("%(what)s %(each)s") % {"what": COUNTED[one.counts], "each": each}


def _says(
    one: Reached, done: Decimal, target: int, usual: Decimal | None, context: Context
) -> tuple[str, str]:
    if done >= target:
        return _("Reached"), "good"
    if usual is None:
        return _("Away: no working day in this time"), ""
    if done >= usual:
        return _("On pace"), "good"
    by_now = _amount(one, usual.quantize(Decimal(1)), context)
    return _("By now %(n)s would be usual") % {"n": by_now}, "warn"


def _tone(done: Decimal, target: int | None) -> str:
    if target is None:
        return "plain"
    return "good" if done >= target else "warn"


def _amount(one: Reached, number: Decimal, context: Context) -> str:
    locale = context.principal.locale or context.language
    if SORTS[one.counts].adds:
        return format_money(number, context.currency, locale)
    return format_decimal(number, locale)


def _url(one: Reached, days: Days) -> str:
    """The list of what was counted."""
    sort = SORTS[one.counts]
    last = days.end - timedelta(days=1)
    asked = {
        "owner": str(one.owner), f"{sort.at}.gte": str(days.first), f"{sort.at}.lte": str(last)
    }  # fmt: skip
    return f"{registry.get(sort.object).url()}?{urlencode({**asked, **sort.only})}"

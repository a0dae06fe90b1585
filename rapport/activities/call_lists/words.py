"""Why somebody is to be called now, or when else, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.activities.call_lists.turns import Turn
from rapport.activities.calling.allowing import Allowance
from rapport.activities.calling.telling import city_of, told_there, told_when
from rapport.activities.models.call import OUTCOMES
from rapport.activities.models.call_list import CallEntry
from rapport.kit.formats import format_clock, format_short_moment
from rapport.records.kinds import Context


def told_turn(turn: Turn, context: Context) -> str:
    """When it is somebody's turn, in a few words."""
    if turn.taken_by:
        return _("A colleague is calling")
    if turn.when == "no_number":
        return _("No number that works")
    if turn.when == "now":
        return _now(turn, context)
    said = {"when": _moment(turn.at, context)}
    if turn.when == "later":
        return _last(turn.entry) + _("again from %(when)s") % said
    return _("Not allowed at this hour; from %(when)s") % said


def reasons(turn: Turn, context: Context) -> Iterator[str]:
    """What speaks for this person now, the weightiest first."""
    entry, allowance = turn.entry, turn.allowance
    if entry.outcome == "call_back":
        yield _("You promised to call back.")
    if allowance is None or not allowance.number:
        yield _("There is no number that works.")
        return
    if not allowance.is_now:
        yield _closed(allowance, context)
    elif (best := allowance.best) is None:
        yield _("This hour is allowed. Too few calls are known to say which is best.")
    elif best.is_now:
        yield _("Now is a good hour: %(why)s.") % {"why": told_there(best, context.language)}
    else:
        better = told_when(best, context.timezone, context.language)
        yield _("Allowed now, but better at %(when)s.") % {"when": better}
    here = datetime.now(ZoneInfo(allowance.zone))
    yield _("It is %(clock)s in %(city)s.") % {
        "clock": format_clock(here, context.language), "city": city_of(allowance.zone),
    }  # fmt: skip
    if entry.tries:
        tried = ngettext("Tried once so far.", "Tried %(n)d times so far.", entry.tries)
        yield tried % {"n": entry.tries}


def _now(turn: Turn, context: Context) -> str:
    if turn.entry.outcome == "call_back":
        return _("You promised to call back")
    best = turn.allowance.best if turn.allowance else None
    if best is None:
        return _("Allowed at this hour")
    if best.is_now:
        until = format_clock(best.until.astimezone(context.timezone), context.language)
        return _("Best now, until %(clock)s") % {"clock": until}
    return _("Better: %(when)s") % {"when": told_when(best, context.timezone, context.language)}


def _last(entry: CallEntry) -> str:
    said = OUTCOMES.get(entry.outcome)
    return f"{said}, " if said else ""


def _closed(allowance: Allowance, context: Context) -> str:
    said = {"city": city_of(allowance.zone), "when": _moment(allowance.from_, context)}
    if allowance.holiday:
        return _("It is %(day)s there: not before %(when)s.") % (said | {"day": allowance.holiday})
    return (
        _("Outside the hours in which people in %(city)s are called: not before %(when)s.") % said
    )


def _moment(at: datetime | None, context: Context) -> str:
    if at is None:
        return _("no day in sight")
    local, today = at.astimezone(context.timezone), timezone.localdate(timezone=context.timezone)
    if local.date() == today:
        return format_clock(local, context.language)
    return format_short_moment(local, context.language, today)

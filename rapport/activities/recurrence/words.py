"""A rule of recurrence in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

from babel.dates import get_day_names, get_month_names
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.activities.recurrence.rules import DAYS, parts_of
from rapport.kit.formats import format_long_day, locale_of

MOST_TOLD = 3
WORKDAYS = "MO,TU,WE,TH,FR"
PLACES = {
    "1": gettext_lazy("first"), "2": gettext_lazy("second"), "3": gettext_lazy("third"),
    "4": gettext_lazy("fourth"), "-1": gettext_lazy("last"),
}  # fmt: skip


def told_rule(rule: str, language: str) -> str:
    """The rule as a person would say it."""
    parts = parts_of(rule)
    said = [_often(parts), _days(parts, language), _end(parts, language), _but(parts, language)]
    return " ".join(filter(None, said))


def rule_told(words: str, language: str) -> str:
    """The rule that a person would say in these words, if it is a usual one without an end."""
    told = " ".join(words.casefold().split())
    return next((one for one in _usual() if told_rule(one, language).casefold() == told), "")


def _usual() -> Iterator[str]:
    yield f"FREQ=WEEKLY;BYDAY={WORKDAYS}"
    for often in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        for step in ("", *(f";INTERVAL={number}" for number in range(2, 13))):
            yield f"FREQ={often}{step}"
    for step in ("", ";INTERVAL=2"):
        for many in range(1, len(DAYS) + 1):
            for days in combinations(DAYS, many):
                yield f"FREQ=WEEKLY{step};BYDAY={','.join(days)}"
    yield from (f"FREQ=MONTHLY;BYDAY={place}{day}" for place in PLACES for day in DAYS)
    yield from (f"FREQ=MONTHLY;BYMONTHDAY={day}" for day in (*range(1, 32), -1))


def _often(parts: dict[str, str]) -> str:
    step = int(parts.get("INTERVAL", 1))
    is_workdays = parts.get("BYDAY") == WORKDAYS and step == 1
    if is_workdays and parts["FREQ"] in ("DAILY", "WEEKLY"):
        return _("every weekday")
    words = {
        "DAILY": ngettext("every day", "every %(step)d days", step),
        "WEEKLY": ngettext("every week", "every %(step)d weeks", step),
        "MONTHLY": ngettext("every month", "every %(step)d months", step),
        "YEARLY": ngettext("every year", "every %(step)d years", step),
    }
    return words[parts["FREQ"]] % {"step": step}


def _days(parts: dict[str, str], language: str) -> str:
    names = dict(get_day_names("wide", locale=locale_of(language)))
    said = []
    days = parts.get("BYDAY", "")
    if days and not (days == WORKDAYS and _often(parts) == _("every weekday")):
        told = [_day(one, parts.get("BYSETPOS", ""), names) for one in days.split(",")]
        said.append(_("on %(days)s") % {"days": ", ".join(told)})
    if dates := parts.get("BYMONTHDAY"):
        told = [_("the last day") if one == "-1" else one for one in dates.split(",")]
        said.append(_("on day %(days)s") % {"days": ", ".join(told)})
    if months := parts.get("BYMONTH"):
        of_year = get_month_names("wide", locale=locale_of(language))
        told = [of_year[int(one)] for one in months.split(",")]
        said.append(_("in %(months)s") % {"months": ", ".join(told)})
    return " ".join(said)


def _day(text: str, place: str, names: Mapping[int, str]) -> str:
    name = names[DAYS.index(text[-2:])]
    place = text[:-2].lstrip("+") or place
    return f"{PLACES.get(place, place)} {name}" if place else name


def _end(parts: dict[str, str], language: str) -> str:
    if count := int(parts.get("COUNT", 0)):
        return ngettext("%(count)d time", "%(count)d times", count) % {"count": count}
    until = parts.get("UNTIL", "")
    if not until:
        return ""
    return _("until %(day)s") % {"day": _long(until, language)}


def _but(parts: dict[str, str], language: str) -> str:
    """On which days it does not take place, and by whose clock it goes."""
    said = []
    if out := parts.get("EXDATE", ""):
        days = [_long(one, language) for one in out.split(",")]
        more = f" (+{len(days) - MOST_TOLD})" if len(days) > MOST_TOLD else ""
        said.append(_("but not on %(days)s") % {"days": ", ".join(days[:MOST_TOLD]) + more})
    if zone := parts.get("TZID", ""):
        said.append(_("by the clock of %(zone)s") % {"zone": zone.replace("_", " ")})
    return ", ".join(said)


def _long(day: str, language: str) -> str:
    on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    return format_long_day(on, language, weekday=False)

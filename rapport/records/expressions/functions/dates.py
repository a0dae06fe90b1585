"""Dates and moments; days are those of the workspace's time zone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.functions.base import Build, Form, Function, by_form
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import MOMENT, Day, Moment, Number


def _part(name: str) -> Form:
    field = {"weekday": "isodow"}.get(name, name)
    return Form((Day,), Number, f"extract({field} FROM {{}})")


def _hours(values: Sequence[Node], at: int) -> Node:
    text = "(CAST(extract(epoch FROM ({1} - {0})) AS numeric) / 3600)"
    return by_form("hours_between", Form((Moment, Moment), Number, text))(values, at)


def _add_days(values: Sequence[Node], at: int) -> Node:
    return by_form(
        "add",
        Form((Day, Number), Day, "rapport_formula_days({}, {})"),
    )(values, at)


def _edge(name: str, text: str) -> Build:
    return by_form(name, Form((Day,), Day, text))


def _now(_values: Sequence[Node], at: int) -> Node:
    return made_of(Moment, "now()", name="now", at=at, is_volatile=True)


def _today(_values: Sequence[Node], at: int) -> Node:
    text = "CAST((now() AT TIME ZONE {zone}) AS date)"
    return made_of(Day, text, name="today", at=at, is_volatile=True)


def _hour(values: Sequence[Node], at: int) -> Node:
    text = "extract(hour FROM ({} AT TIME ZONE {zone}))"
    return by_form("hour", Form((Moment,), Number, text))(values, at)


def _day_of(values: Sequence[Node], at: int) -> Node:
    if values[0].type.name == MOMENT:
        return made_of(Day, "CAST(({} AT TIME ZONE {zone}) AS date)", *values, name="day_of", at=at)
    return by_form("day_of", Form((Day,), Day, "{}"))(values, at)


DATES = (
    Function("today", "dates", "today()", _("The day it is in the workspace's time zone."),
             ("is_blank(today())", "false"), _today, 0, 0),
    Function("now", "dates", "now()", _("The moment it is."),
             ("is_blank(now())", "false"), _now, 0, 0),
    Function("date", "dates", "date(year, month, day)",
             _("A date of its parts; blank for a day that there is not."),
             ("date(2026, 2, 28) + 1", "2026-03-01"),
             by_form("date", Form((Number, Number, Number), Day,
                                  "rapport_formula_date({}, {}, {})")), 3, 3),
    Function("day_of", "dates", "day_of(moment)",
             _("The date of a moment in the workspace's time zone."),
             ('day_of("2026-01-31")', "2026-01-31"), _day_of, 1, 1),
    Function("year", "dates", "year(date)", _("Its year."), ('year("2026-01-31")', "2026"),
             by_form("year", _part("year")), 1, 1),
    Function("month", "dates", "month(date)", _("Its month, 1 to 12."),
             ('month("2026-01-31")', "1"), by_form("month", _part("month")), 1, 1),
    Function("day", "dates", "day(date)", _("Its day of the month."),
             ('day("2026-01-31")', "31"), by_form("day", _part("day")), 1, 1),
    Function("weekday", "dates", "weekday(date)", _("Its day of the week, from Monday 1 on."),
             ('weekday("2026-01-31")', "6"), by_form("weekday", _part("weekday")), 1, 1),
    Function("hour", "dates", "hour(moment)",
             _("The hour of a moment in the workspace's time zone."),
             ("hour(now()) >= 0", "true"), _hour, 1, 1),
    Function("days_between", "dates", "days_between(from, to)",
             _("How many days lie between two dates; less than zero where the second is "
                  "earlier."),
             ('days_between("2026-01-01", "2026-01-31")', "30"),
             by_form("days_between", Form((Day, Day), Number, "CAST(({1} - {0}) AS numeric)")),
             2, 2),
    Function("months_between", "dates", "months_between(from, to)",
             _("How many whole months lie between two dates."),
             ('months_between("2026-01-31", "2026-03-30")', "1"),
             by_form("months_between", Form((Day, Day), Number,
                                            "rapport_formula_months_between({}, {})")), 2, 2),
    Function("hours_between", "dates", "hours_between(from, to)",
             _("How many hours lie between two moments."),
             ("hours_between(now(), now() + 1)", "24"), _hours, 2, 2),
    Function("add_days", "dates", "add_days(date, days)",
             _("So many days later; date + days is the same."),
             ('add_days("2026-01-31", 1)', "2026-02-01"), _add_days, 2, 2),
    Function("add_months", "dates", "add_months(date, months)",
             _("The same day so many months later, or the last one of that month."),
             ('add_months("2026-01-31", 1)', "2026-02-28"),
             by_form("add_months", Form((Day, Number), Day, "rapport_formula_months({}, {})")),
             2, 2),
    Function("start_of_month", "dates", "start_of_month(date)", _("The first of its month."),
             ('start_of_month("2026-01-31")', "2026-01-01"),
             _edge("start_of_month",
                   "make_date(CAST(extract(year FROM {0}) AS int), "
                   "CAST(extract(month FROM {0}) AS int), 1)"), 1, 1),
    Function("end_of_month", "dates", "end_of_month(date)", _("The last of its month."),
             ('end_of_month("2026-02-01")', "2026-02-28"),
             _edge("end_of_month",
                   "rapport_formula_days(rapport_formula_months(make_date("
                   "CAST(extract(year FROM {0}) AS int), CAST(extract(month FROM {0}) AS int), 1)"
                   ", 1), -1)"), 1, 1),
)  # fmt: skip

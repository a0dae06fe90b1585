"""Dates, moments and durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.kit.dates import NotADate, parse_day, parse_moment
from rapport.kit.formats import (
    format_clock,
    format_day,
    format_duration,
    format_length,
    format_moment,
    format_short_moment,
)
from rapport.kit.periods import Period
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.comparing import holds_plainly
from rapport.records.kinds.periods import is_period, period_words, read_period
from rapport.ui.html import Markup

DAY = Markup('<time datetime="{}">{}</time>')
MOMENT = Markup('<time datetime="{}" title="{}">{}</time>')
COMPARISONS = ("in", "is", "lt", "lte", "gt", "gte", "empty", "filled")
LAST_DAY = date(9999, 12, 31)
CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,6})(?::(\d{1,2}))?")
LENGTH = re.compile(r"(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*min)?\s*(?:(\d{1,6})\s*s)?")
LONGEST = timedelta(hours=99_999)
FIRST_MOMENT = datetime(1, 1, 3, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a period begins or ends that something is compared with."""

    word: str
    at: date


#: Before a period is before its beginning, until it before its end, after it from its end on.
EDGES = {"lt": "lt", "lte": "lt", "gt": "gte", "gte": "gte"}


def settled(op: str, argument: Any) -> tuple[str, Any]:
    """A comparison with the edge of a period as one with a moment or a day."""
    return (EDGES[op], argument.at) if isinstance(argument, Edge) else (op, argument)


class Dated(Kind):
    """What lies on a day, and so in periods seen from today."""

    def argument(self, op: str, raw: Any, context: Context) -> Any:
        if op == "in":
            return self._period(raw, context)
        if op in EDGES and is_period(raw):
            found = self._period(raw, context)
            at = found.start if op in ("lt", "gte") else found.end
            if at is None:
                raise Invalid(_("“%(text)s” has no end on that side.") % {"text": found.word})
            return Edge(found.word, at)
        return super().argument(op, raw, context)

    def _period(self, raw: Any, context: Context) -> Any:
        try:
            return self.bounded(read_period(raw, context), context)
        except OverflowError:
            # The first and last days there are begin or end beyond them in some zones.
            raise Invalid(
                _("%(field)s is out of the range of dates.") % {"field": self.label}
            ) from None

    def bounded(self, found: Period, context: Context) -> Any:
        """The period as its values are compared. Raises OverflowError."""
        return found

    def told(self, argument: Any, context: Context) -> str:
        if isinstance(argument, Period | Edge):
            return period_words(argument.word, context.language)
        return super().told(argument, context)

    def condition(self, op: str, argument: Any) -> Q:
        op, argument = settled(op, argument)
        if op != "in":
            return super().condition(op, argument)
        bounds = {f"{self.path}__gte": argument.start, f"{self.path}__lt": argument.end}
        return Q(**{lookup: bound for lookup, bound in bounds.items() if bound is not None})

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        op, argument = settled(op, argument)
        if op != "in":
            return holds_plainly(op, argument, value)
        is_late = argument.start is None or (value is not None and value >= argument.start)
        is_early = argument.end is None or (value is not None and value < argument.end)
        return is_late and is_early


class Date(Dated):
    """A calendar day."""

    type = "date"
    operators = COMPARISONS

    def model_field(self) -> models.Field[Any, Any]:
        return models.DateField(
            self.label, null=True, blank=True, default=self.default, **self.column
        )

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return None
        today = timezone.now().astimezone(context.timezone).date()
        try:
            return parse_day(text, today=today, language=context.language)
        except NotADate as problem:
            raise Invalid(str(problem)) from None

    def plain(self, value: Any, context: Context) -> str:
        if value is None:
            return ""
        today = timezone.now().astimezone(context.timezone).date()
        return format_day(value, context.language, today)

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        return DAY(value.isoformat(), self.plain(value, context))

    def typed(self, value: Any, context: Context) -> str:
        return "" if value is None else value.isoformat()

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return time_input("date", r"\d{4}-\d{2}-\d{2}", text, attributes)

    def sort_key(self) -> Any:
        return Coalesce(F(self.path), Value(LAST_DAY))

    def json(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def describe(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date"}


def time_input(type: str, form: str, text: str, attributes: SafeString) -> SafeString:
    """The browser's own input, or a plain one for a text that it would throw away."""
    kept = type if not text or re.fullmatch(form, text) else "text"
    return format_html('<input type="{}" class="in" {} value="{}">', kept, attributes, text)


class DateTime(Dated):
    """A moment; stored in UTC, shown in the reader's zone."""

    type = "datetime"
    operators = ("in", "lt", "lte", "gt", "gte", "is", "empty", "filled")

    def model_field(self) -> models.Field[Any, Any]:
        # A default of None would be written in place of the database's own.
        default = {} if "db_default" in self.column else {"default": self.default}
        return models.DateTimeField(self.label, null=True, blank=True, **default, **self.column)

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return None
        now = timezone.now().astimezone(context.timezone)
        try:
            found = parse_moment(text, now=now, language=context.language)
        except NotADate as problem:
            raise Invalid(str(problem)) from None
        if not FIRST_MOMENT < found < LAST_MOMENT:
            raise Invalid(_("%(field)s is out of the range of dates.") % {"field": self.label})
        return found.astimezone(UTC)

    def bounded(self, found: Period, context: Context) -> Any:
        return Period(
            found.word,
            found.start and _midnight(found.start, context),
            found.end and _midnight(found.end, context),
        )

    def condition(self, op: str, argument: Any) -> Q:
        if op == "is" and argument is not None:
            return Q(
                **{f"{self.path}__gte": argument, f"{self.path}__lt": argument + timedelta(days=1)}
            )
        return super().condition(op, argument)

    def holds(self, op: str, argument: Any, value: Any) -> bool:
        if op == "is" and argument is not None:
            return value is not None and argument <= value < argument + timedelta(days=1)
        return super().holds(op, argument, value)

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else moment_text(value.astimezone(context.timezone), context)

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        local = value.astimezone(context.timezone)
        return MOMENT(
            value.isoformat(),
            format_moment(local, context.language, full=True),
            moment_text(local, context),
        )

    def typed(self, value: Any, context: Context) -> str:
        return (
            "" if value is None else value.astimezone(context.timezone).strftime("%Y-%m-%dT%H:%M")
        )

    def input(self, text: str, context: Context, attributes: SafeString) -> SafeString:
        return time_input("datetime-local", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", text, attributes)

    def sort_key(self) -> Any:
        return Coalesce(F(self.path), Value(LAST_MOMENT))

    def json(self, value: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def describe(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "date-time"}


def _midnight(day: date, context: Context) -> datetime:
    return datetime.combine(day, time.min, context.timezone).astimezone(UTC)


def moment_text(local: datetime, context: Context) -> str:
    """A moment as people say it: relative within a day, else the day, with the time ahead."""
    now = timezone.now().astimezone(context.timezone)
    ago = (now - local).total_seconds()
    if 0 <= ago < 60:
        return _("just now")
    if 0 <= ago < 3600:
        return _("%(n)d min ago") % {"n": ago // 60}
    if local.date() == now.date():
        return _("today %(time)s") % {"time": format_clock(local, context.language)}
    if ago >= 0 and local.date() == now.date() - timedelta(days=1):
        return _("yesterday")
    if ago < 0:
        return format_short_moment(local, context.language, now.date())
    return format_day(local.date(), context.language, now.date())


class Duration(Kind):
    """A length of time, typed as `1:30` (hours and minutes) or `90` minutes."""

    type = "duration"
    operators = ("gt", "gte", "lt", "lte", "empty", "filled")
    numeric = True

    def model_field(self) -> models.Field[Any, Any]:
        return models.DurationField(
            self.label, null=True, blank=True, default=self.default, **self.column
        )

    def parse_text(self, text: str, context: Context) -> Any:
        if not text:
            return None
        found = CLOCK.fullmatch(text) or LENGTH.fullmatch(text)
        if not found:
            raise Invalid(
                _("“%(text)s” is not a duration. Write 1:30 or 90 minutes as 90.")
                % {"text": text[:40]}
            )
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if length > LONGEST:
            raise Invalid(_("%(field)s is too long a time.") % {"field": self.label})
        return length

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else format_length(value)

    def typed(self, value: Any, context: Context) -> str:
        return "" if value is None else format_duration(value)

    def sort_key(self) -> Any:
        return Coalesce(F(self.path), Value(timedelta(0)))

    def json(self, value: Any) -> Any:
        return None if value is None else format_duration(value)

    def describe(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "examples": ["1:30"]}

"""By when somebody is to be answered: a moment that is told as what is left until then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.kit.formats import format_moment
from rapport.records import kinds as k
from rapport.records.kinds.base import Context
from rapport.records.kinds.time import DateTime, moment_text
from rapport.ui.components import icon
from rapport.ui.html import Markup

LEFT = Markup('<span class="sla {}">{}<time datetime="{}" title="{}">{}</time></span>')
#: From when on a deadline is near, and how long it is told in minutes and hours.
NEAR, SOON = timedelta(minutes=15), timedelta(hours=24)


class DueAnswer(DateTime):
    """A moment by which something is due, with what is left until then."""

    type = "datetime"

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None else left_words(value, context)

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        full = format_moment(value.astimezone(context.timezone), context.language, full=True)
        words = left_words(value, context)
        return LEFT(tone_of(value), icon("clock", small=True), value.isoformat(), full, words)


def tone_of(due: datetime) -> str:
    """How a deadline looks: late, near, or neither."""
    left = due - timezone.now()
    return "bad" if left < timedelta(0) else "warn" if left < NEAR else ""


def left_words(due: datetime, context: Context) -> str:
    """What is left, or by how much it is late, in minutes and hours; farther off the moment."""
    left = due - timezone.now()
    if abs(left) > SOON:
        return moment_text(due.astimezone(context.timezone), context)
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    length = _("%(h)d h %(m)02d min") % {"h": hours, "m": minutes} if hours else (
        _("%(m)d min") % {"m": minutes}
    )  # fmt: skip
    said = _("%(length)s late") if left < timedelta(0) else _("%(length)s left")
    return said % {"length": length}


due_answer = k.column(DueAnswer)

"""How long before something one is reminded of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: Nothing chosen is what its owner usually wants.
REMINDERS = {
    "none": _("Not at all"),
    "at": _("When it is time"),
    "m5": _("5 minutes before"),
    "m15": _("15 minutes before"),
    "m30": _("30 minutes before"),
    "h1": _("1 hour before"),
    "h2": _("2 hours before"),
    "d1": _("1 day before"),
    "d2": _("2 days before"),
}
MINUTES = {
    "at": 0, "m5": 5, "m15": 15, "m30": 30, "h1": 60, "h2": 120, "d1": 1440, "d2": 2880,
}  # fmt: skip
REMINDERS_ELSEWHERE = {str(minutes): key for key, minutes in MINUTES.items()}

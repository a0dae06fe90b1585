"""The rows of a booking page: its hosts, its hours, its questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.kit.hours import NotHours, read_spans
from rapport.records.kinds import Invalid
from rapport.records.kinds.choice import Boolean, Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.relation import UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.records.store import Rejected

DAYS = {
    "1": gettext_lazy("Monday"), "2": gettext_lazy("Tuesday"), "3": gettext_lazy("Wednesday"),
    "4": gettext_lazy("Thursday"), "5": gettext_lazy("Friday"), "6": gettext_lazy("Saturday"),
    "7": gettext_lazy("Sunday"),
}  # fmt: skip


class Hosts(Rows):
    """Colleagues with whom meetings are booked."""

    type = "booking_hosts"
    operators = ("is", "any", "empty", "filled")
    most = 20

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "activities.BookingHost",
            key="page_id",
            columns={"user": UserRelation(gettext_lazy("Colleague"))},
            order=("position", "id"),
            **options,
        )

    def _check_seen(self, principal: Principal, rows: Sequence[Row]) -> None:
        users = {row["user"] for row in rows}
        found = User.objects.filter(pk__in=users, is_active=True, is_service=False)
        if found.count() != len(users):
            sentence = _("%(field)s names somebody who does not work here.")
            raise Rejected({self.name: sentence % {"field": self.label}})


class WeekHours(Rows):
    """The hours of weekdays, in which a page books meetings."""

    type = "booking_hours"
    operators = ("empty", "filled")
    most = 7

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "activities.BookingHours",
            key="page_id",
            columns={
                "day": Choice(gettext_lazy("Weekday"), DAYS),
                "hours": Text(gettext_lazy("Hours, such as 9-12:30, 13:30-17"), required=True),
            },
            order=("day", "id"),
            **options,
        )

    def check(self, rows: Sequence[Row]) -> None:
        for row in rows:
            try:
                read_spans(row["hours"])
            except NotHours as refused:
                raise Invalid(
                    _("“%(text)s” says no hours. Write them like 9-12:30, 13:30-17.")
                    % {"text": str(refused)[:40]}
                ) from None


class Questions(Rows):
    """What a page asks besides name and address."""

    type = "booking_questions"
    operators = ("empty", "filled")
    is_set = False
    most = 12

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "activities.BookingQuestion",
            key="page_id",
            columns={
                "text": Text(gettext_lazy("Question")),
                "is_required": Boolean(gettext_lazy("Has to be answered")),
            },
            order=("position", "id"),
            **options,
        )

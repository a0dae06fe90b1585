"""How much of something somebody is to do."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record

COUNTED = {
    "calls": _("Calls"),
    "meetings": _("Meetings held"),
    "leads": _("New leads"),
    "quotes": _("Quotes sent"),
    "deals": _("Deals won"),
    "amount": _("Amount won"),
}


class Goal(Record):
    """How many calls, meetings or deals its owner is to reach in each week or month."""

    counts = k.choice(
        pgettext_lazy("goal", "What"), COUNTED, default="calls", required=True, index=True,
        icon="target", synonyms=("goal", "metric", "kpi", "activity type", "objetivo", "métrica"),
    )  # fmt: skip
    how_many = k.integer(
        pgettext_lazy("goal", "How many"), required=True, low=1, icon="hash",
        help=_("Of an amount so much in our currency."),
        synonyms=("goal value", "number", "meta", "cantidad"),
    )  # fmt: skip
    span = k.choice(
        pgettext_lazy("goal", "In each"), {"week": _("Week"), "month": _("Month")},
        default="week", required=True, icon="cal",
        synonyms=("period", "frequency", "periodo", "frecuencia"),
    )  # fmt: skip
    begins = k.date(
        _("From"), required=True, default=timezone.localdate, index=True, icon="cal",
        help=_("It holds from the week or month of this day on, in place of an older one."),
        synonyms=("start date", "start", "desde", "fecha de inicio"),
    )  # fmt: skip
    ends = k.date(
        _("Until"), icon="cal", help=_("Its last day; empty for as long as nothing else is said."),
        synonyms=("end date", "end", "hasta", "fecha de fin"),
    )  # fmt: skip
    external_id = k.text(_("External ID"), index=True, icon="hash", synonyms=("id", "goal id"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "counts", "span", "begins"],
                condition=Q(deleted_at__isnull=True),
                name="goal_once",
                violation_error_code="begins",
                violation_error_message=_("There is a goal of this sort from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("begins")),
                name="goal_ends_after_it_begins",
                violation_error_code="ends",
                violation_error_message=_("It ends before it begins."),
            ),
        ]

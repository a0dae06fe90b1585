"""Goals as an object of the engine."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.declare import Object, Section, declare
from rapport.sales.models import Goal


@declare
class GoalObject(Object):
    """How many calls, meetings or deals its owner is to reach in each week or month."""

    model = Goal
    name, plural = "goal", "goals"
    label, label_plural = pgettext_lazy("sales", "Goal"), pgettext_lazy("sales", "Goals")
    icon = "target"
    title = "counts"
    columns = ("counts", "how_many", "span", "owner", "begins", "ends")
    quick = ("owner", "counts", "how_many", "span", "begins")
    sort = "-begins"
    sections = (
        Section(label, ("owner", "counts", "how_many", "span", "begins", "ends")),
        Section(_("More"), ("external_id", "created_at", "updated_at")),
    )
    match = (("external_id",),)
    privacy = k.Privacy(k.NONE)

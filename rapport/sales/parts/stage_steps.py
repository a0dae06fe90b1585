"""The playbook of a stage: what to do, to find out and to send while a deal is there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.records.kinds.choice import Boolean, Choice
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text, Url
from rapport.sales.models.stage_step import SORTS


class StageSteps(Rows):
    """The steps of a stage in their order."""

    type = "stage_steps"
    operators = ("empty", "filled")
    is_set = False
    most = 40

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.StageStep",
            key="stage_id",
            columns={
                "text": Text(_("What")),
                "sort": Choice(_("Sort"), SORTS, default="check"),
                "link": Url(_("Link")),
                "product": Relation(_("For product"), "catalog.Product", to="product"),
                "is_required": Boolean(_("Before a deal goes on")),
            },
            order=("position", "id"),
            **options,
        )

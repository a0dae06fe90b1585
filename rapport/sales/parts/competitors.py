"""The competitors of a deal: what they are good at, how much of a threat, who won."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Invalid
from rapport.records.kinds.choice import Boolean, Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.sales.models.deal_competitor import THREAT_TONES, THREATS


class Competitors(Rows):
    """Who else wants the deal; each by name, by company, or both."""

    type = "competitors"
    operators = ("is", "empty", "filled")
    is_set = False
    most = 30

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealCompetitor",
            key="deal_id",
            columns={
                "name": Text(gettext_lazy("Name")),
                "company": Relation(gettext_lazy("Company"), "contacts.Company", to="company"),
                "threat": Choice(gettext_lazy("Threat"), THREATS, tones=THREAT_TONES),
                "strengths": Text(gettext_lazy("Good at")),
                "weaknesses": Text(gettext_lazy("Weak at")),
                "has_won": Boolean(gettext_lazy("Won it")),
            },
            order=("position", "id"),
            **options,
        )

    def _is_bare(self, row: Row) -> bool:
        return not any(row.get(name) for name in ("name", "company"))

    def check(self, rows: Sequence[Row]) -> None:
        if sum(bool(row.get("has_won")) for row in rows) > 1:
            raise Invalid(_("Only one competitor can have won the deal."))

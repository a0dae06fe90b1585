"""The people of a deal and their parts in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Invalid
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.sales.models.deal_person import INFLUENCES, ROLES, STANCE_TONES, STANCES


class DealPeople(Rows):
    """People with their parts in a deal: who decides, who speaks for us, who guards the door."""

    type = "deal_people"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealPerson",
            key="deal_id",
            columns={
                "person": Relation(gettext_lazy("Person"), "contacts.Person", to="person"),
                "role": Choice(gettext_lazy("Part"), ROLES),
                "influence": Choice(gettext_lazy("Influence"), INFLUENCES),
                "stance": Choice(gettext_lazy("Stance"), STANCES, tones=STANCE_TONES),
            },
            order=("position", "id"),
            **options,
        )


class DealTies(Rows):
    """Who knows whom among the people of a deal."""

    type = "deal_ties"
    is_set = False

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealTie",
            key="deal_id",
            columns={
                "person": Relation(gettext_lazy("Person"), "contacts.Person", to="person"),
                "knows": Relation(gettext_lazy("Knows"), "contacts.Person", to="person"),
            },
            order=("position", "id"),
            **options,
        )

    def check(self, rows: Sequence[Row]) -> None:
        pairs = {frozenset((row["person"], row["knows"])) for row in rows}
        if any(not row["knows"] for row in rows):
            raise Invalid(_("Say whom each of them knows."))
        if any(len(pair) < 2 for pair in pairs):
            raise Invalid(_("Nobody has to be told that he knows himself."))
        if len(pairs) < len(rows):
            raise Invalid(_("%(field)s names two people twice.") % {"field": self.label})

"""The people of a deal and their parts in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from rapport.records.kinds.choice import Choice
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Rows
from rapport.sales.models.deal_person import ROLES


class DealPeople(Rows):
    """People with their parts in a deal: who decides, who speaks for us, who guards the door."""

    type = "deal_people"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealPerson",
            key="deal_id",
            columns={
                "person": Relation(_("Person"), "contacts.Person", to="person"),
                "role": Choice(_("Part"), ROLES),
            },
            order=("position", "id"),
            **options,
        )

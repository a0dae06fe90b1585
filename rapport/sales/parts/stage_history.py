"""Every stage that a deal was in: from when to when, who moved it there, what it was worth then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled
from rapport.records.kinds.number import Currency, Decimals
from rapport.records.kinds.relation import Relation, UserRelation
from rapport.records.kinds.rows import Row, Rows
from rapport.records.kinds.time import DateTime
from rapport.sales.models import DealStay

DAY = timedelta(days=1)


class StageHistory(Rows):
    """The stages of a deal so far, in order; the last is where it stands."""

    type = "stage_history"
    is_set = False
    #: An entry tells the stage and the moment of the deal; without these it would tell nothing.
    needs = frozenset({("deal", "stage"), ("deal", "stage_since")})

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealStay",
            key="deal_id",
            columns={
                "stage": Relation(_("Stage"), "sales.Stage", to="stage"),
                "entered_at": DateTime(_("Came")),
                "left_at": DateTime(_("Left")),
                "moved_by": UserRelation(_("Moved by")),
                "amount": Decimals(_("Amount"), places=2),
                "currency": Currency(_("Currency")),
            },
            order=("entered_at", "id"),
            editable=False,
            **options,
        )

    def query(self, principal: Principal) -> Compiled:
        return _stays(access.unread(principal, "deal", "amount", "currency"))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> list[Row]:
        return [row | {"days": days_of(row)} for row in super().gather(record_id, rows)]

    def json(self, value: Any) -> Any:
        given = zip(super().json(value), value or [], strict=True)
        return [one | {"days": row["days"]} for one, row in given]

    def describe(self) -> dict[str, Any]:
        described = super().describe()
        described["items"]["properties"] |= {"days": {"type": "integer"}}
        return described | {"readOnly": True}


def days_of(stay: Mapping[str, Any]) -> int:
    """Whole days in the stage, until now where the deal is still there."""
    left: datetime = stay["left_at"] or timezone.now()
    return max(0, (left - stay["entered_at"]) // DAY)


@lru_cache(maxsize=8)
def _stays(hidden: frozenset[str]) -> Compiled:
    rows = DealStay.objects.filter(AnyOf(F("deal_id"), Given("ids"))).order_by()
    columns = ("pk", "stage_id", "entered_at", "left_at", "moved_by_id", "amount", "currency")
    gathered = JSONBAgg(JSONArray.without(hidden, *columns), order_by=["entered_at", "id"])
    by_deal = rows.values("deal_id").annotate(gathered=gathered)
    return compiled(by_deal.values_list("deal_id", "gathered"))

"""How far a call list is, as a field of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.activities.models import CallEntry
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled
from rapport.records.kinds import Computed, Context
from rapport.records.reading import fetch_one

NAMES = ("people", "open", "reached", "called")


class Progress(Computed):
    """How many are on the list, still to call, reached, and called at all."""

    type = "call_progress"

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, self._fetch, **options)

    def _fetch(
        self, principal: Principal, ids: Sequence[UUID]
    ) -> Mapping[UUID, dict[str, int] | None]:
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        return _counts()

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> dict[str, int] | None:
        return dict(zip(NAMES, rows[0], strict=True)) if rows else None

    def plain(self, value: dict[str, int] | None, context: Context) -> str:
        if not value:
            return ""
        told = {"n": value["people"] - value["open"], "all": value["people"]}
        return _("%(n)d of %(all)d") % told

    def json(self, value: dict[str, int] | None) -> Any:
        return value

    def export(self, value: dict[str, int] | None, context: Context) -> str:
        return self.plain(value, context)

    def describe(self) -> dict[str, Any]:
        number = {"type": "integer"}
        properties = dict.fromkeys(NAMES, number)
        return {"type": ["object", "null"], "readOnly": True, "properties": properties}


@cache
def _counts() -> Compiled:
    rows = CallEntry.objects.filter(AnyOf(F("call_list_id"), Given("ids"))).order_by()
    told = JSONArray(
        Count("pk"), Count("pk", filter=Q(state="open")), Count("pk", filter=Q(outcome="reached")),
        Count("pk", filter=Q(tries__gt=0)),
    )  # fmt: skip
    return compiled(
        rows.values("call_list_id").annotate(told=told).values_list("call_list_id", "told")
    )

"""The shares of colleagues in a deal: all of it its owner's, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled, decimal_of
from rapport.records.kinds import Invalid
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Percent
from rapport.records.kinds.relation import UserRelation
from rapport.records.kinds.rows import Rows
from rapport.records.store import Rejected
from rapport.sales.models import Deal

WHOLE = Decimal(100)


class Split(Rows):
    """Colleagues with their shares in percent, which make up 100 together."""

    type = "split"
    operators = ("is", "any")
    most = 20
    #: Who reads the shares reads whose deal it is.
    needs = frozenset({("deal", "owner")})

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            "sales.DealSplit",
            key="deal_id",
            columns={
                "user": UserRelation(gettext_lazy("Colleague")),
                "share": Percent(gettext_lazy("Share"), low=0, high=100),
            },
            order=("position", "id"),
            **options,
        )

    def query(self, principal: Principal) -> Compiled:
        return _shares()

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> list[Row]:
        for owner, shares in rows:
            given = [
                {"id": UUID(key), "user": UUID(user), "share": decimal_of(share)}
                for key, user, share in shares
                if key
            ]
            if given or not owner:
                return given
            return [{"id": None, "user": UUID(owner), "share": WHOLE}]
        return []

    def check(self, rows: Sequence[Row]) -> None:
        if any(not row.get("share") for row in rows):
            raise Invalid(_("Each share is more than 0 %."))
        total = sum((row["share"] for row in rows), Decimal(0))
        if rows and total != WHOLE:
            text = _("The shares make up 100 %% together; these make %(total)s %%.")
            raise Invalid(text % {"total": total.normalize().to_eng_string()})

    def _check_seen(self, principal: Principal, rows: Sequence[Row]) -> None:
        users = {row["user"] for row in rows}
        if User.objects.filter(pk__in=users).count() != len(users):
            sentence = _("%(field)s names a record that is not there.") % {"field": self.label}
            raise Rejected({self.name: sentence})

    def condition(self, op: str, argument: Any) -> Q:
        """The deals that somebody has a share in, or owns where nobody shared them."""
        wanted = argument if isinstance(argument, list) else [argument]
        has_own = super().condition("filled", None)
        return super().condition("any", wanted) | (~has_own & Q(owner_id__in=wanted))


@cache
def _shares() -> Compiled:
    shares = JSONBAgg(
        JSONArray("splits__id", "splits__user_id", "splits__share"),
        order_by=["splits__position", "splits__id"],
    )
    rows = Deal.objects.filter(AnyOf(F("id"), Given("ids"))).order_by().values("pk")
    return compiled(rows.annotate(given=JSONArray("owner_id", shares)).values_list("pk", "given"))

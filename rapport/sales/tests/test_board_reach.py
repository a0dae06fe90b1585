"""The sums of a board for somebody whose roles and shares reach the same deals by several ways."""

from __future__ import annotations

import pytest
from django.db.models import F, Sum

from rapport.accounts.actions import change_grants, change_role, create_role
from rapport.accounts.models import Role, User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.reading import Source, context_for
from rapport.records.sharing import Holder, share
from rapport.records.store import change
from rapport.records.surfaces.board.lanes import Column, columns, lanes_of
from rapport.records.testing import HOUSE, create
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
BREWERS = {"field": "company.industry", "op": "is", "value": "Brewery"}


def test_a_deal_that_several_grounds_reach_is_added_up_once() -> None:
    seed()
    firm = create("company", name="Sol", industry="Brewery")
    deals = [create("deal", name=f"D{n}", company=str(firm), amount=f"{n + 1}00") for n in range(3)]
    other = create("deal", name="Other", amount="1000")
    create("deal", name="None", amount="50000")
    mia = make_user("Mia Member", "member")
    with change(HOUSE, via="test") as made:
        for one in (deals[0], other):
            share(made, "deal", one, Holder("user", mia.pk, mia.name), "view")
    role = create_role("Brewers", "en", Role.objects.get(key="read_only"))
    change_grants(role, {"deal": {"view": "rule"}}, rules={"deal": {"view": BREWERS}})
    change_role(mia, role.key)
    asker = principal_of(User.objects.get(pk=mia.pk))

    found = _columns(asker)

    plain = access.rows(asker, "deal").aggregate(
        total=Sum("amount_base"), weighted=Sum(F("amount_base") * F("probability"))
    )
    assert sum(one.count for one in found) == 4
    assert sum(one.total for one in found) == plain["total"] == 1600
    assert sum(one.weighted for one in found) == plain["weighted"] / 100


def _columns(asker: Principal) -> list[Column]:
    """The lanes of the board, of deals that are found ground by ground."""
    deal = registry.get("deal")
    reach = access.reach(asker, deal)
    assert reach.has_more
    assert deal.board is not None
    source = Source(
        lambda: access.reached_rows(deal, reach), None, lambda: access.reached_parts(deal, reach)
    )
    lanes = lanes_of(deal, deal.board, asker, {})
    return columns(source, deal, deal.board, lanes, context_for(asker))

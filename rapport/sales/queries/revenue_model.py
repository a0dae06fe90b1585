"""What the model foresees, for whoever sees all that it was made of."""

from __future__ import annotations

from rapport.accounts.principals import Principal
from rapport.sales.models import RevenueModel
from rapport.sales.queries.forecast import check_forecast
from rapport.sales.queries.forecast_calls import sees_part
from rapport.sales.queries.forecast_changes import Part
from rapport.sales.queries.sales_tree import Tree


def revenue_model(
    principal: Principal, part: Part, currency: str, tree: Tree
) -> RevenueModel | None:
    """The model of everybody or a team, None where there is none or he does not see all deals of
    that part. Raises Denied as a forecast does."""
    check_forecast(principal)
    if part.kind == "person" or not sees_part(principal, part, tree):
        return None
    return RevenueModel.objects.filter(team_id=part.key, currency=currency).first()

"""What is done with deals and leads."""

from rapport.sales.actions.convert_lead import convert_lead
from rapport.sales.actions.move_deal import lose_deal, move_deal, win_deal
from rapport.sales.actions.refresh_amounts import refresh_amounts

__all__ = ["convert_lead", "lose_deal", "move_deal", "refresh_amounts", "win_deal"]

"""What is done with products."""

from rapport.catalog.actions.coupons import redeem_coupon, return_coupon
from rapport.catalog.actions.make_variants import make_variants

__all__ = ["make_variants", "redeem_coupon", "return_coupon"]

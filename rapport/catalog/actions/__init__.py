"""What is done with products and their stock."""

from rapport.catalog.actions.coupons import redeem_coupon, return_coupon
from rapport.catalog.actions.deliveries import cancel_delivery, expect_delivery, receive_delivery
from rapport.catalog.actions.from_forms import expect_product, move_product, reserve_product
from rapport.catalog.actions.keeping import keep_stock
from rapport.catalog.actions.make_variants import make_variants
from rapport.catalog.actions.reservations import (
    end_expired_reservations,
    release_reservation,
    release_reservations,
    reserve_stock,
    ship_reserved,
)
from rapport.catalog.actions.stock import (
    add_way_back,
    count_stock,
    move_stock,
    reverse_movement,
)

__all__ = [
    "add_way_back",
    "cancel_delivery",
    "count_stock",
    "end_expired_reservations",
    "expect_delivery",
    "expect_product",
    "keep_stock",
    "make_variants",
    "move_product",
    "move_stock",
    "receive_delivery",
    "redeem_coupon",
    "release_reservation",
    "release_reservations",
    "reserve_product",
    "reserve_stock",
    "return_coupon",
    "reverse_movement",
    "ship_reserved",
]

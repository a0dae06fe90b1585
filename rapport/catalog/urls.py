"""Addresses of the catalog's own pages, and its part of the API."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.catalog import stock_views, views
from rapport.catalog.api import coupons, deliveries, stock
from rapport.catalog.api.openapi_stock import stock_paths
from rapport.catalog.api.prices import price_paths, show_prices
from rapport.records import access
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.records.surfaces.nav import Place, add_part, add_place

API = {
    "prices": ("api-prices", by_method(GET=show_prices)),
    "coupons/redeem": ("api-coupon-redeem", by_method(POST=coupons.redeem)),
    "coupons/return": ("api-coupon-return", by_method(POST=coupons.give_back)),
    "stock": ("api-stock", by_method(GET=stock.show_stock)),
    "stock/movements": (
        "api-movements",
        by_method(GET=stock.list_movements, POST=stock.create_movement),
    ),
    "stock/movements/<uuid:movement_id>/reverse": (
        "api-movement-reverse",
        by_method(POST=stock.reverse),
    ),
    "stock/deliveries": (
        "api-expected",
        by_method(GET=deliveries.list_deliveries, POST=deliveries.create_delivery),
    ),
    "stock/deliveries/<uuid:incoming_id>/receive": (
        "api-expected-receive",
        by_method(POST=deliveries.receive),
    ),
    "stock/deliveries/<uuid:incoming_id>/cancel": (
        "api-expected-cancel",
        by_method(POST=deliveries.cancel),
    ),
    "stock/counts": ("api-stock-counts", by_method(POST=deliveries.create_count)),
    "stock/reservations": ("api-reservations", by_method(POST=stock.create_reservation)),
    "stock/reservations/<uuid:reservation_id>/release": (
        "api-reservation-release",
        by_method(POST=stock.release),
    ),
}

urlpatterns = [
    path("stock/", stock_views.show_stock, name="stock"),
    path("stock/reorder/", stock_views.reorder, name="stock_reorder"),
    path("stock/count/<uuid:warehouse_id>/", stock_views.count, name="stock_count"),
    path("stock/movements/<uuid:movement_id>/reverse/", stock_views.reverse, name="stock_reverse"),
    path(
        "stock/reservations/<uuid:reservation_id>/release/",
        stock_views.release,
        name="stock_release",
    ),
    path("stock/deliveries/<uuid:incoming_id>/receive/", stock_views.receive, name="stock_receive"),
    path("stock/deliveries/<uuid:incoming_id>/cancel/", stock_views.cancel, name="stock_cancel"),
    path("prices/", views.try_price, name="prices"),
    *(
        path(f"api/v1/{address}{slash}", view, name=f"{name}{'-slash' if slash else ''}")
        for address, (name, view) in API.items()
        for slash in ("", "/")
    ),
]
add_paths(price_paths)
add_paths(coupons.coupon_paths)
add_paths(stock_paths)
add_paths(deliveries.delivery_paths)
add_part("/prices/", of="/price-lists/")
add_place(
    Place(
        _("Catalog"), 95, _("Stock"), "/stock/", "layers",
        lambda principal: access.may(principal, "view", "product")
        and access.may(principal, "view", "warehouse"),
    )
)  # fmt: skip

"""Addresses of the catalog's own pages, and its part of the API."""

from django.urls import path

from rapport.catalog import views
from rapport.catalog.api.prices import price_paths, show_prices
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths

PRICES = by_method(GET=show_prices)

urlpatterns = [
    path("prices/", views.try_price, name="prices"),
    path("api/v1/prices", PRICES, name="api-prices"),
    path("api/v1/prices/", PRICES, name="api-prices-slash"),
]
add_paths(price_paths)

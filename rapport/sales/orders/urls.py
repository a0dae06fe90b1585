"""Addresses of the pages of orders that the engine can't give."""

from django.urls import path

from rapport.sales.quotes.views import show_sums

urlpatterns = [path("orders/sums/", show_sums, {"name": "order"}, name="order_sums")]

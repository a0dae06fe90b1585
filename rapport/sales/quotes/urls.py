"""Addresses of the pages of quotes that the engine can't give."""

from django.urls import path

from rapport.sales.quotes import views

urlpatterns = [path("quotes/sums/", views.show_sums, name="quote_sums")]

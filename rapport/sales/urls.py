"""Addresses of pages about deals."""

from django.urls import path

from rapport.sales import views

urlpatterns = [path("outcomes/", views.show_outcomes, name="outcomes")]

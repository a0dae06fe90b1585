"""Addresses of sign-in and one's own account."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""Addresses of every declared object; included at the root, after all fixed addresses."""

from django.urls import URLPattern, path, register_converter

from rapport.records.surfaces.listing import views as listing
from rapport.records.surfaces.routing import ObjectConverter

register_converter(ObjectConverter, "object")

urlpatterns: list[URLPattern] = [
    path("<object:declaration>/", listing.show_list, name="list"),
]

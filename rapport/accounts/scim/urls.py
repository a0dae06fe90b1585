"""Addresses of the directory's door; each with and without a slash at its end."""

from django.urls import URLPattern, path, re_path

from rapport.accounts.scim import views
from rapport.accounts.scim.door import View, by_method, nothing

FIND = by_method(GET=views.find, POST=views.make)
SEARCH = by_method(POST=views.search)
ONE = by_method(GET=views.get, PUT=views.put, PATCH=views.change, DELETE=views.remove)


def _both(route: str, view: View, name: str, sort: str = "") -> list[URLPattern]:
    more = {"sort": sort} if sort else {}
    address = f"scim/v2/{route}"
    return [
        path(address, view, more, name=name),
        path(f"{address}/", view, more, name=f"{name}-slash"),
    ]


urlpatterns: list[URLPattern] = [
    *_both("ServiceProviderConfig", by_method(GET=views.config), "scim-config"),
    *_both("ResourceTypes", by_method(GET=views.resource_types), "scim-types"),
    *_both("ResourceTypes/<str:key>", by_method(GET=views.resource_types), "scim-type"),
    *_both("Schemas", by_method(GET=views.schemas), "scim-schemas"),
    *_both("Schemas/<str:key>", by_method(GET=views.schemas), "scim-schema"),
    *_both(".search", by_method(POST=views.search_all), "scim-search"),
    *_both("Users", FIND, "scim-users", "Users"),
    *_both("Users/.search", SEARCH, "scim-users-search", "Users"),
    *_both("Users/<str:key>", ONE, "scim-user", "Users"),
    *_both("Groups", FIND, "scim-groups", "Groups"),
    *_both("Groups/.search", SEARCH, "scim-groups-search", "Groups"),
    *_both("Groups/<str:key>", ONE, "scim-group", "Groups"),
    re_path("^scim/", by_method(GET=nothing, POST=nothing), name="scim-nowhere"),
]

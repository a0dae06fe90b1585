"""Addresses of users, teams and roles in the API."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.setup.api import roles, teams, users
from rapport.setup.api.openapi_people import people_paths
from rapport.setup.api.openapi_roles import role_paths


def _both(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    return [path(route, view, name=name), path(f"{route}/", view, name=f"{name}-slash")]


urlpatterns = [
    *_both("api/v1/users", by_method(GET=users.list_users, POST=users.invite_user), "api-users"),
    *_both(
        "api/v1/users/<uuid:user_id>",
        by_method(GET=users.get_user, PATCH=users.patch_user),
        "api-user",
    ),
    *_both("api/v1/teams", by_method(GET=teams.list_teams, POST=teams.create_team), "api-teams"),
    *_both(
        "api/v1/teams/<uuid:team_id>",
        by_method(GET=teams.get_team, PATCH=teams.patch_team, DELETE=teams.delete_team),
        "api-team",
    ),
    *_both("api/v1/roles", by_method(GET=roles.list_roles, POST=roles.create_role), "api-roles"),
    *_both(
        "api/v1/roles/<slug:key>",
        by_method(GET=roles.get_role, PATCH=roles.patch_role, DELETE=roles.delete_role),
        "api-role",
    ),
]
add_paths(people_paths)
add_paths(role_paths)

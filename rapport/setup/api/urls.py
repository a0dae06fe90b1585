"""Addresses of users, teams, roles and apps in the API."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.setup.api import (
    absences,
    apps,
    lead_questions,
    lead_rules,
    roles,
    teams,
    users,
    web_forms,
)
from rapport.setup.api.openapi_apps import app_paths
from rapport.setup.api.openapi_forms import form_paths
from rapport.setup.api.openapi_leads import lead_paths
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
    *_both("api/v1/apps", by_method(GET=apps.list_apps, POST=apps.register_app), "api-apps"),
    *_both(
        "api/v1/apps/<uuid:app_id>",
        by_method(GET=apps.get_app, PATCH=apps.patch_app, DELETE=apps.delete_app),
        "api-app",
    ),
    *_both(
        "api/v1/absences",
        by_method(GET=absences.list_absences, POST=absences.create_absence),
        "api-absences",
    ),
    *_both(
        "api/v1/absences/<uuid:absence_id>",
        by_method(DELETE=absences.delete_absence),
        "api-absence",
    ),
    *_both(
        "api/v1/lead-rules",
        by_method(GET=lead_rules.list_rules, POST=lead_rules.create_rule),
        "api-lead-rules",
    ),
    *_both(
        "api/v1/lead-rules/<uuid:rule_id>",
        by_method(PATCH=lead_rules.patch_rule, DELETE=lead_rules.delete_rule),
        "api-lead-rule",
    ),
    *_both(
        "api/v1/lead-questions",
        by_method(GET=lead_questions.list_questions, POST=lead_questions.create_question),
        "api-lead-questions",
    ),
    *_both(
        "api/v1/lead-questions/<uuid:question_id>",
        by_method(PATCH=lead_questions.patch_question, DELETE=lead_questions.delete_question),
        "api-lead-question",
    ),
    *_both(
        "api/v1/lead-settings",
        by_method(GET=lead_questions.show_settings, PATCH=lead_questions.patch_settings),
        "api-lead-settings",
    ),
    *_both(
        "api/v1/apps/<uuid:app_id>/secret", by_method(POST=apps.rotate_secret), "api-app-secret"
    ),
    *_both(
        "api/v1/web-forms",
        by_method(GET=web_forms.list_forms, POST=web_forms.create_form),
        "api-web-forms",
    ),
    *_both(
        "api/v1/web-forms/<uuid:form_id>",
        by_method(GET=web_forms.get_form, PATCH=web_forms.patch_form, DELETE=web_forms.delete_form),
        "api-web-form",
    ),
    path(
        "api/v1/web-forms/<uuid:form_id>/secret",
        by_method(POST=web_forms.renew_secret),
        name="api-web-form-secret",
    ),
    path(
        "api/v1/web-forms/<uuid:form_id>/submissions",
        by_method(GET=web_forms.list_submissions),
        name="api-submissions",
    ),
    path(
        "api/v1/web-forms/<uuid:form_id>/submissions/<uuid:submission_id>/again",
        by_method(POST=web_forms.take_again),
        name="api-submission-again",
    ),
]
add_paths(people_paths)
add_paths(role_paths)
add_paths(app_paths)
add_paths(lead_paths)
add_paths(form_paths)
add_paths(absences.absence_paths)

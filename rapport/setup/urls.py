"""Addresses of the administration screens."""

from django.urls import path

from rapport.setup.views import (
    completeness,
    fields,
    index,
    indexes,
    layouts,
    mail,
    objects,
    roles,
    security,
    teams,
    users,
    workspace,
)

urlpatterns = [
    path("setup/", index.index, name="setup"),
    path("setup/users/", users.users, name="setup_users"),
    path("setup/users/<uuid:user_id>/", users.user, name="setup_user"),
    path("setup/users/<uuid:user_id>/deactivate/", users.deactivate, name="setup_user_deactivate"),
    path("setup/users/<uuid:user_id>/reactivate/", users.reactivate, name="setup_user_reactivate"),
    path("setup/users/<uuid:user_id>/link/", users.link, name="setup_user_link"),
    path("setup/teams/", teams.teams, name="setup_teams"),
    path("setup/teams/<uuid:team_id>/", teams.team, name="setup_team"),
    path("setup/teams/<uuid:team_id>/delete/", teams.delete, name="setup_team_delete"),
    path("setup/roles/", roles.roles, name="setup_roles"),
    path("setup/roles/<slug:key>/", roles.role, name="setup_role"),
    path("setup/roles/<slug:key>/delete/", roles.delete, name="setup_role_delete"),
    path("setup/fields/", fields.fields, name="setup_fields"),
    path("setup/fields/<uuid:field_id>/", fields.field, name="setup_field"),
    path("setup/fields/<uuid:field_id>/move/", fields.move, name="setup_field_move"),
    path("setup/fields/<uuid:field_id>/remove/", fields.remove, name="setup_field_remove"),
    path("setup/fields/<uuid:field_id>/restore/", fields.restore, name="setup_field_restore"),
    path("setup/fields/<slug:name>/", fields.object_fields, name="setup_object_fields"),
    path("setup/fields/<slug:name>/formula/", fields.formula, name="setup_formula"),
    path("setup/fields/<slug:name>/layout/", layouts.layout, name="setup_layout"),
    path("setup/fields/<slug:name>/layout/reset/", layouts.reset, name="setup_layout_reset"),
    path("setup/fields/<slug:name>/new/<slug:kind>/", fields.new, name="setup_field_new"),
    path("setup/completeness/", completeness.objects, name="setup_completeness"),
    path("setup/completeness/<slug:name>/", completeness.rules, name="setup_completeness_rules"),
    path(
        "setup/completeness/<slug:name>/begin/", completeness.begin, name="setup_completeness_begin"
    ),
    path("setup/completeness/<slug:name>/stop/", completeness.stop, name="setup_completeness_stop"),
    path("setup/objects/new/", objects.new, name="setup_object_new"),
    path("setup/objects/<uuid:object_id>/", objects.change, name="setup_object"),
    path("setup/objects/<uuid:object_id>/remove/", objects.remove, name="setup_object_remove"),
    path("setup/objects/<uuid:object_id>/restore/", objects.restore, name="setup_object_restore"),
    path("setup/workspace/", workspace.workspace, name="setup_workspace"),
    path("setup/mail/", mail.mail, name="setup_mail"),
    path("setup/indexes/", indexes.indexes, name="setup_indexes"),
    path("setup/security/", security.security, name="setup_security"),
]

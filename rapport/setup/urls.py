"""Addresses of the administration screens."""

from django.urls import path

from rapport.setup.views import index, mail, roles, security, teams, users, workspace

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
    path("setup/workspace/", workspace.workspace, name="setup_workspace"),
    path("setup/mail/", mail.mail, name="setup_mail"),
    path("setup/security/", security.security, name="setup_security"),
]

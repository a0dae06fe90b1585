from rapport.accounts.actions.actor import (
    NOBODY,
    Actor,
    Refused,
    actor_of,
    may_administer,
)
from rapport.accounts.actions.links import (
    accept_invitation,
    ask_for_reset,
    choose_new_password,
    deliver_link,
    invite,
    issue_link,
)
from rapport.accounts.actions.mail import NotSent, send_mail_to_user, send_test_mail
from rapport.accounts.actions.programs import create_service
from rapport.accounts.actions.roles import change_grants, create_role, delete_role, rename_role
from rapport.accounts.actions.sessions import (
    end_session,
    identify,
    sign_out,
    sign_out_everywhere,
)
from rapport.accounts.actions.teams import (
    change_team,
    create_team,
    delete_team,
    set_members,
    set_teams,
)
from rapport.accounts.actions.tokens import create_token, revoke_token
from rapport.accounts.actions.users import (
    change_password,
    change_preferences,
    change_role,
    create_owner,
    create_user,
    deactivate,
    place_user,
    reactivate,
    set_further_roles,
    set_manager,
)
from rapport.accounts.actions.workspace import (
    bump_metadata_version,
    change_letterhead,
    change_mail_settings,
    change_workspace,
    let_speak,
)

__all__ = [
    "NOBODY",
    "Actor",
    "NotSent",
    "Refused",
    "accept_invitation",
    "actor_of",
    "ask_for_reset",
    "bump_metadata_version",
    "change_grants",
    "change_letterhead",
    "change_mail_settings",
    "change_password",
    "change_preferences",
    "change_role",
    "change_team",
    "change_workspace",
    "choose_new_password",
    "create_owner",
    "create_role",
    "create_service",
    "create_team",
    "create_token",
    "create_user",
    "deactivate",
    "delete_role",
    "delete_team",
    "deliver_link",
    "end_session",
    "identify",
    "invite",
    "issue_link",
    "let_speak",
    "may_administer",
    "place_user",
    "reactivate",
    "rename_role",
    "revoke_token",
    "send_mail_to_user",
    "send_test_mail",
    "set_further_roles",
    "set_manager",
    "set_members",
    "set_teams",
    "sign_out",
    "sign_out_everywhere",
]

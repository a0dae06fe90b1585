from rapport.accounts.actions.actor import NOBODY, Actor, Refused, actor_of
from rapport.accounts.actions.links import (
    accept_invitation,
    ask_for_reset,
    choose_new_password,
    invite,
    issue_link,
)
from rapport.accounts.actions.mail import send_mail_to_user
from rapport.accounts.actions.roles import change_grants, create_role, delete_role, rename_role
from rapport.accounts.actions.sessions import end_session, sign_in, sign_out
from rapport.accounts.actions.teams import create_team, delete_team, rename_team, set_members
from rapport.accounts.actions.tokens import create_token, revoke_token
from rapport.accounts.actions.users import (
    change_password,
    change_preferences,
    change_role,
    create_owner,
    create_user,
    deactivate,
    reactivate,
    set_manager,
)
from rapport.accounts.actions.workspace import (
    bump_metadata_version,
    change_mail_settings,
    change_workspace,
)

__all__ = [
    "NOBODY",
    "Actor",
    "Refused",
    "accept_invitation",
    "actor_of",
    "ask_for_reset",
    "bump_metadata_version",
    "change_grants",
    "change_mail_settings",
    "change_password",
    "change_preferences",
    "change_role",
    "change_workspace",
    "choose_new_password",
    "create_owner",
    "create_role",
    "create_team",
    "create_token",
    "create_user",
    "deactivate",
    "delete_role",
    "delete_team",
    "end_session",
    "invite",
    "issue_link",
    "reactivate",
    "rename_role",
    "rename_team",
    "revoke_token",
    "send_mail_to_user",
    "set_manager",
    "set_members",
    "sign_in",
    "sign_out",
]

from rapport.accounts.models.email_change import EmailChange
from rapport.accounts.models.identity_provider import ExternalIdentity, IdentityProvider
from rapport.accounts.models.letterhead import Letterhead
from rapport.accounts.models.link import OneTimeLink
from rapport.accounts.models.oauth import AppAccess, AuthorizationCode, OAuthApp, RefreshToken
from rapport.accounts.models.passkey import Passkey
from rapport.accounts.models.provisioning import (
    ProvisionedTeam,
    ProvisionedUser,
    Provisioning,
    ProvisioningCall,
)
from rapport.accounts.models.role import FieldLevel, FurtherRole, Grant, Role
from rapport.accounts.models.second_factor import CodeApp, RecoveryCode, SecondFactorRule
from rapport.accounts.models.security_event import SecurityEvent
from rapport.accounts.models.session import Session
from rapport.accounts.models.sign_in_attempt import SignInAttempt
from rapport.accounts.models.team import Membership, Team
from rapport.accounts.models.token import ApiToken
from rapport.accounts.models.used_token import UsedToken
from rapport.accounts.models.user import User
from rapport.accounts.models.working_time import Absence, WorkingTime
from rapport.accounts.models.workspace import Workspace

__all__ = [
    "Absence",
    "ApiToken",
    "AppAccess",
    "AuthorizationCode",
    "CodeApp",
    "EmailChange",
    "ExternalIdentity",
    "FieldLevel",
    "FurtherRole",
    "Grant",
    "IdentityProvider",
    "Letterhead",
    "Membership",
    "OAuthApp",
    "OneTimeLink",
    "Passkey",
    "ProvisionedTeam",
    "ProvisionedUser",
    "Provisioning",
    "ProvisioningCall",
    "RecoveryCode",
    "RefreshToken",
    "Role",
    "SecondFactorRule",
    "SecurityEvent",
    "Session",
    "SignInAttempt",
    "Team",
    "UsedToken",
    "User",
    "WorkingTime",
    "Workspace",
]

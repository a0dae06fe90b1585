from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


def event_kinds() -> list[tuple[str, Any]]:
    """What may happen to an account, and its name for people."""
    return SecurityEvent.Kind.choices


class SecurityEvent(models.Model):
    """Something that happened to an account: who, what, when, from where."""

    class Kind(models.TextChoices):
        OWNER_CREATED = "owner_created", _("Workspace set up")
        USER_CREATED = "user_created", _("User created")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
        SIGNED_OUT = "signed_out", _("Signed out")
        SESSION_ENDED = "session_ended", _("Session ended")
        SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", _("Signed out everywhere")
        PASSWORD_CHANGED = "password_changed", _("Password changed")
        EMAIL_ASKED = "email_asked", _("Another address asked for")
        EMAIL_CHANGED = "email_changed", _("Address changed")
        RESET_REQUESTED = "reset_requested", _("New password asked for")
        INVITED = "invited", _("Invited")
        INVITATION_ACCEPTED = "invitation_accepted", _("Invitation accepted")
        FACTOR_ADDED = "factor_added", _("Second factor set up")
        FACTOR_REMOVED = "factor_removed", _("Second factor turned off")
        FACTOR_RESET = "factor_reset", _("Second factor reset")
        FACTOR_FAILED = "factor_failed", _("Wrong code at sign-in")
        FACTOR_RULE_CHANGED = "factor_rule_changed", _("Who needs a second factor changed")
        CODES_MADE = "codes_made", _("Recovery codes made")
        CODE_USED = "code_used", _("Recovery code used")
        PASSKEY_ADDED = "passkey_added", _("Passkey added")
        PASSKEY_RENAMED = "passkey_renamed", _("Passkey renamed")
        PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
        SSO_CHANGED = "sso_changed", _("Single sign-on changed")
        IDENTITY_LINKED = "identity_linked", _("Linked with the identity provider")
        PROVISIONING_CHANGED = "provisioning_changed", _("Provisioning changed")
        RENAMED = "renamed", _("Name changed")
        ROLE_CHANGED = "role_changed", _("Role changed")
        GRANTS_CHANGED = "grants_changed", _("Rights of a role changed")
        TEAM_CHANGED = "team_changed", _("Team changed")
        DEACTIVATED = "deactivated", _("Deactivated")
        REACTIVATED = "reactivated", _("Reactivated")
        TOKEN_CREATED = "token_created", _("Token created")
        TOKEN_REVOKED = "token_revoked", _("Token revoked")
        FEED_OPENED = "feed_opened", _("Calendar opened to other programs")
        FEED_CLOSED = "feed_closed", _("Calendar closed to other programs")
        APP_CREATED = "app_created", _("App registered")
        APP_CHANGED = "app_changed", _("App changed")
        APP_REMOVED = "app_removed", _("App removed")
        APP_LET_IN = "app_let_in", _("App let in")
        APP_WITHDRAWN = "app_withdrawn", _("App's access ended")
        APP_REUSED = "app_reused", _("App's access ended: a secret came twice")
        VIEW_STARTED = "view_started", _("Began to see Rapport as a colleague")
        PRIVATE_TAKEN = "private_taken", _("Private records taken over")
        VIEW_ENDED = "view_ended", _("Stopped seeing Rapport as a colleague")
        SETTINGS_CHANGED = "settings_changed", _("Workspace settings changed")
        EXPORTED = "exported", _("Records exported")
        BACKUP_TAKEN = "backup_taken", _("Backup downloaded")
        BACKUP_DELETED = "backup_deleted", _("Backup deleted")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=24, choices=event_kinds)
    actor = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="security_events"
    )
    ip = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="security_event_newest")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"

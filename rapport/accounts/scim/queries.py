"""Questions about the directory's door; nothing here writes."""

from __future__ import annotations

from django.db.models import QuerySet

from rapport.accounts.models import ApiToken, Provisioning, ProvisioningCall


def provisioning() -> Provisioning | None:
    """Return what an owner has said about the directory, if anything."""
    return Provisioning.objects.select_related("service__role", "default_role").first()


def directory_tokens() -> QuerySet[ApiToken]:
    """Return the directory's tokens that were not revoked, newest first."""
    return ApiToken.objects.filter(door=ApiToken.Door.SCIM, revoked_at=None)


def last_calls(most: int = 20) -> list[ProvisioningCall]:
    """Return what the directory asked for last, newest first."""
    return list(ProvisioningCall.objects.all()[:most])

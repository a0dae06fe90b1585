from django.db import models
from django.db.models.functions import Lower

from rapport.kit.ids import uuid7

THE_ONLY_ID = 1


class Provisioning(models.Model):
    """How far a firm's directory may keep users and teams here (SCIM)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONLY_ID)
    # Whom its tokens belong to, so that the security diary can name it.
    service = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, related_name="provisioning"
    )
    # Addresses it may give; of any domain if there are none.
    domains = models.JSONField(default=list)
    default_role = models.ForeignKey("accounts.Role", on_delete=models.PROTECT, related_name="+")
    # Pairs of a group and the key of a role; the first that fits counts.
    group_roles = models.JSONField(default=list)
    reaches_owners = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=THE_ONLY_ID), name="provisioning_is_the_only_one"
            )
        ]

    def __str__(self) -> str:
        return str(self.service)


class ProvisionedUser(models.Model):
    """What the directory has told of a user, and whether it has given him up."""

    user = models.OneToOneField(
        "accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="provisioned"
    )
    user_name = models.CharField(max_length=255)
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    # Names and addresses in its own words, and what was made of them here.
    told = models.JSONField(default=dict)
    # Keys of the teams that it has put him in: only these give him a role.
    groups = models.JSONField(default=list)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("user_name"), name="provisioned_user_name_once")
        ]

    def __str__(self) -> str:
        return self.user_name


class ProvisionedTeam(models.Model):
    """By which name of its own the directory knows a team."""

    team = models.OneToOneField(
        "accounts.Team", primary_key=True, on_delete=models.CASCADE, related_name="provisioned"
    )
    external_id = models.CharField(max_length=255, blank=True, default="", db_index=True)

    def __str__(self) -> str:
        return f"{self.external_id} is {self.team_id}"


class ProvisioningCall(models.Model):
    """One of the last requests of the directory, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    said = models.CharField(max_length=300, blank=True, default="")
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status}"

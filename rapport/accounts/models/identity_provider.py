from django.db import models

from rapport.kit.ids import uuid7

THE_ONLY_ID = 1


class IdentityProvider(models.Model):
    """Where a firm's people sign in already, and how it is believed (OpenID Connect)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONLY_ID)
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    client_secret_sealed = models.TextField(blank=True, default="")
    # Of which domains its word on addresses counts.
    domains = models.JSONField(default=list)
    # What somebody becomes who comes for the first time; nobody does without one.
    default_role = models.ForeignKey(
        "accounts.Role", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    groups_claim = models.CharField(max_length=60, blank=True, default="groups")
    # Pairs of a group and the key of a role; the first that fits counts.
    group_roles = models.JSONField(default=list)
    is_only_way = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=THE_ONLY_ID), name="identity_provider_is_the_only_one"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ExternalIdentity(models.Model):
    """Who a user is to an identity provider, which may give his address to somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once_per_issuer")
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"

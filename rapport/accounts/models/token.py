from datetime import datetime
from ipaddress import ip_address, ip_network

from django.db import models

from rapport.accounts.validators import are_networks
from rapport.kit.ids import uuid7


class ApiToken(models.Model):
    """A secret that lets a program act for a user; only its digest is kept."""

    class Door(models.TextChoices):
        API = "api", "API"
        SCIM = "scim", "SCIM"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    #: The one door that it opens.
    door = models.CharField(
        max_length=8, choices=Door.choices, default=Door.API, db_default=Door.API.value
    )
    may_write = models.BooleanField(default=True)
    #: Actions by object, "*" for every other one; null for all that its user may do.
    scopes = models.JSONField(null=True, blank=True)
    #: Addresses and networks it may be used from; from anywhere if there are none.
    networks = models.JSONField(
        default=list,
        blank=True,
        db_default=models.Value([], models.JSONField()),
        validators=[are_networks],
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_narrowed(self) -> bool:
        """Whether it may do less than its user."""
        return self.scopes is not None or not self.may_write

    def allows(self, ip: str | None) -> bool:
        """Whether it may be used from this address."""
        if not self.networks:
            return True
        return ip is not None and any(
            ip_address(ip) in ip_network(network) for network in self.networks
        )

    def is_valid(self, now: datetime) -> bool:
        """Whether the token may still be used at `now`."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

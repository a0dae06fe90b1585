from django.db import models
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class OneTimeLink(models.Model):
    """An address that lets its holder choose a password once; only a digest is kept."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("New password")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    # Keyed digest over user, address, password hash and expiry: a change to any voids the link.
    binding = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"

from django.db import models

from rapport.kit.ids import uuid7


class Passkey(models.Model):
    """A key on a user's device, opened by finger, face or its own code, that lets him in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=100)
    # A name for the key that the device gives and gets back; it tells nothing by itself.
    credential_id = models.BinaryField(unique=True)
    # What the device says of the key, its public half included (WebAuthn, 6.5.2).
    credential = models.BinaryField()
    # Some devices count; one that counts backwards is a copy.
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name

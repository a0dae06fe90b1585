from django.db import models

from rapport.kit.ids import uuid7


class SignInAttempt(models.Model):
    """One try at a password or a reset, kept for a while to slow guessing down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    purpose = models.CharField(max_length=10)
    # A digest: the table must not become a list of who has an account here.
    email_digest = models.CharField(max_length=64)
    network = models.CharField(max_length=45)

    class Meta:
        indexes = [
            models.Index(
                fields=["purpose", "email_digest", "network", "at"], name="attempt_by_pair"
            ),
            models.Index(fields=["purpose", "network", "at"], name="attempt_by_network"),
            models.Index(fields=["at"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.at:%Y-%m-%d %H:%M}"

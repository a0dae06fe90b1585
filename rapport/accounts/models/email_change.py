from django.db import models


class EmailChange(models.Model):
    """A wish to sign in with another address, until both addresses have agreed."""

    user = models.OneToOneField(
        "accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="email_change"
    )
    new_email = models.EmailField(max_length=254)
    # Of the secrets in the two letters, which the worker makes as it mails them.
    old_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    new_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    old_agreed_at = models.DateTimeField(null=True)
    new_agreed_at = models.DateTimeField(null=True)
    # Keyed digest over address and password: a change to either voids the wish.
    binding = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"other address of {self.user_id}"

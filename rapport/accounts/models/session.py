from django.db import models


class Session(models.Model):
    """A browser that is signed in; the key in its cookie is kept as a digest only."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    data = models.TextField()
    ip = models.GenericIPAddressField(null=True)
    # What the identity provider calls the person and his session there, if he came by it.
    provider_subject = models.CharField(max_length=255, blank=True, default="", db_default="")
    provider_sid = models.CharField(max_length=255, blank=True, default="", db_default="")
    user_agent = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"session {self.digest[:8]}"

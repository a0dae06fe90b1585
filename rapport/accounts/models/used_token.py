from django.db import models


class UsedToken(models.Model):
    """A word of the identity provider that counts once, kept until it would count no more."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]

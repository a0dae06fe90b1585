from django.db import models

from rapport.kit.ids import uuid7


class CodeApp(models.Model):
    """An app on a user's phone that shows a fresh code every half minute."""

    user = models.OneToOneField(
        "accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="code_app"
    )
    secret_sealed = models.TextField()
    # The half minute of the last code that was taken: no code counts twice.
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"code app of {self.user_id}"


class RecoveryCode(models.Model):
    """A code that stands in once for a lost second factor; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class SecondFactorRule(models.Model):
    """That nobody who holds a role comes in without a second factor."""

    role = models.OneToOneField(
        "accounts.Role",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="second_factor_rule",
    )

    def __str__(self) -> str:
        return f"second factor for {self.role_id}"

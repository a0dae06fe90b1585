from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class Team(models.Model):
    """A group of users who see each other's records where a role says "team"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(
        max_length=100,
        unique=True,
        error_messages={"unique": _("There is a team of that name already.")},
    )
    members = models.ManyToManyField(
        "accounts.User", through="accounts.Membership", related_name="teams"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    #: What directories are shown became so then; the database keeps it (`directory.sql`).
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's place in a team."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once_per_team")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Scope
from rapport.kit.ids import uuid7

SCOPES = [
    (Scope.NONE.value, _("None")),
    (Scope.OWN.value, _("Own")),
    (Scope.TEAM.value, _("Team")),
    (Scope.BELOW.value, _("Below")),
    (Scope.ALL.value, _("All")),
    (Scope.RULE.value, pgettext_lazy("scope", "Rule")),
    (Scope.FOLLOW.value, pgettext_lazy("scope", "Follows")),
]


def _scope_field() -> models.CharField:
    return models.CharField(max_length=10, choices=SCOPES, default=Scope.NONE.value)


class Role(models.Model):
    """A named set of grants that users hold."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    # Built-in roles can't be removed: sign-up and the owner's rights rest on them.
    is_builtin = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.label(get_language() or "en")

    def label(self, language: str) -> str:
        """Return the name in `language`, else in English, else in any, else the key."""
        names = self.name
        short = language.split("-")[0]
        return names.get(short) or names.get("en") or next(iter(names.values()), self.key)


class Grant(models.Model):
    """How far a role reaches on one object ("*" for every object without a grant of its own)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    object_name = models.CharField(max_length=63, default="*")
    view_scope = _scope_field()
    create_scope = _scope_field()
    edit_scope = _scope_field()
    delete_scope = _scope_field()
    export_scope = _scope_field()
    import_scope = _scope_field()
    bulk_scope = _scope_field()
    merge_scope = _scope_field()
    #: The condition, as a tree, of each action whose scope is a rule.
    rules = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "object_name"], name="grant_once_per_object")
        ]

    def __str__(self) -> str:
        return f"{self.role_id} on {self.object_name}"


class FieldLevel(models.Model):
    """What a role may do with one field where it may less than change it."""

    class Level(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        READ = "read", _("Read only")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="field_levels")
    object_name = models.CharField(max_length=63)
    field = models.CharField(max_length=63)
    level = models.CharField(max_length=10, choices=Level.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "object_name", "field"], name="field_level_once_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_name}.{self.field}: {self.level}"


class FurtherRole(models.Model):
    """A role that a user holds beside the main one, which gives the rank."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="further_roles"
    )
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="further_holders")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="further_role_once_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.role_id} of {self.user_id}"

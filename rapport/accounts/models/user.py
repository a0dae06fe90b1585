from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from rapport.accounts.validators import is_language, is_zone
from rapport.kit.ids import uuid7

if TYPE_CHECKING:
    from rapport.accounts.identity import AccountFacts


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail address, whatever its case."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Return the address trimmed and in lower case, as it is stored."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this e-mail address. Raises User.DoesNotExist."""
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser):
    """A colleague who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(
        _("E-mail address"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Somebody with this address is here already.")},
    )
    name = models.CharField(_("Name"), max_length=200)
    role = models.ForeignKey("accounts.Role", on_delete=models.PROTECT, related_name="users")
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    language = models.CharField(max_length=10, default="en", validators=[is_language])
    locale = models.CharField(max_length=20, blank=True, default="")
    timezone = models.CharField(max_length=64, default="UTC", validators=[is_zone])
    is_active = models.BooleanField(default=True)
    #: A program with a place of its own; nobody signs in as it.
    is_service = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: What directories are shown became so then; the database keeps it (`directory.sql`).
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    # Filled by `identity` where the user was read together with all that decides his rights.
    account_facts: "AccountFacts | None" = None

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Bring the e-mail address into its stored form."""
        self.email = UserManager.normalize_email(self.email)

    @property
    def has_joined(self) -> bool:
        """Whether the invitation was taken up: until then there is no password."""
        return self.has_usable_password()

    @property
    def is_staff(self) -> bool:
        """Django's word for "may enter the house"; every active user may."""
        return self.is_active

"""Questions about second factors; nothing here writes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from rapport.accounts.models import CodeApp, Passkey, Role, SecondFactorRule, User


@dataclass(frozen=True, slots=True)
class Factors:
    """What a user has besides the password."""

    app_since: datetime | None
    passkeys: list[Passkey]
    codes_left: int
    is_required: bool

    @property
    def has_any(self) -> bool:
        """Whether a second factor is asked for when he signs in."""
        return self.app_since is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """Return what the user has set up, and whether one of his roles wants it."""
    app = CodeApp.objects.filter(user=user).values_list("created_at", flat=True).first()
    return Factors(
        app_since=app,
        passkeys=list(user.passkeys.all()),
        codes_left=user.recovery_codes.filter(used_at=None).count(),
        is_required=is_required_of(user),
    )


def has_factor(user: User) -> bool:
    """Whether the user has a second factor."""
    return CodeApp.objects.filter(user=user).exists() or has_passkey(user)


def has_passkey(user: User) -> bool:
    """Whether the user has a passkey."""
    return user.passkeys.exists()


def has_passkeys() -> bool:
    """Whether anybody has a passkey."""
    return Passkey.objects.exists()


def is_required_of(user: User) -> bool:
    """Whether the user may not come in without a second factor."""
    holds_it = Q(role__users=user) | Q(role__further_holders__user=user)
    return SecondFactorRule.objects.filter(holds_it).exists()


def rules() -> list[str]:
    """Return the keys of the roles whose holders need a second factor."""
    found = Role.objects.exclude(second_factor_rule=None)
    return list(found.values_list("key", flat=True))

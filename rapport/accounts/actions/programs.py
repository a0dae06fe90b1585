"""Programs with a place of their own: users that nobody signs in as."""

from django.db import transaction

from rapport.accounts.actions.actor import NOBODY, Actor
from rapport.accounts.actions.users import create_user
from rapport.accounts.models import User
from rapport.kit.ids import uuid7

#: Reserved by RFC 2606: no mail reaches it, and nobody can register a name in it.
NOWHERE = "service.invalid"


@transaction.atomic
def create_service(name: str, role: str = "member", by: Actor = NOBODY) -> User:
    """Create a user for a program; it comes in by tokens alone.

    Raises ValidationError with the faults by field, PermissionDenied for the actor's rank.
    """
    user = create_user(f"{uuid7().hex}@{NOWHERE}", name, None, role, by)
    user.is_service = True
    user.save(update_fields=["is_service"])
    return user

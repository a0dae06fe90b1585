"""Questions about accounts; nothing here writes."""

from django.db.models import QuerySet
from django.utils import timezone

from rapport.accounts.models import ApiToken, Session, User, Workspace


def workspace() -> Workspace:
    """Return the one workspace; an unsaved one with defaults before the first migration."""
    return Workspace.objects.first() or Workspace()


def has_users() -> bool:
    """Whether anybody has an account here; without one the first-run page is open."""
    return User.objects.exists()


def active_users() -> QuerySet[User]:
    """Return the users who may sign in, by name."""
    return User.objects.filter(is_active=True)


def own_sessions(user: User) -> QuerySet[Session]:
    """Return the browsers the user is signed in with, the last used first."""
    return Session.objects.filter(user=user, expires_at__gt=timezone.now())


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the user's tokens that were not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None)

"""Questions about accounts; nothing here writes."""

from django.db.models import QuerySet

from rapport.accounts.models import User, Workspace


def workspace() -> Workspace:
    """Return the one workspace; an unsaved one with defaults before the first migration."""
    return Workspace.objects.first() or Workspace()


def has_users() -> bool:
    """Whether anybody has an account here; without one the first-run page is open."""
    return User.objects.exists()


def active_users() -> QuerySet[User]:
    """Return the users who may sign in, by name."""
    return User.objects.filter(is_active=True)

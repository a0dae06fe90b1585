"""Questions about accounts; nothing here writes."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from rapport.accounts.links import link_path
from rapport.accounts.models import ApiToken, Role, SecurityEvent, Session, Team, User, Workspace

__all__ = [
    "active_users",
    "events",
    "events_of",
    "everybody",
    "has_users",
    "link_path",
    "own_sessions",
    "own_tokens",
    "roles",
    "teams",
    "workspace",
]


def workspace() -> Workspace:
    """Return the one workspace; an unsaved one with defaults before the first migration."""
    return Workspace.objects.first() or Workspace()


def has_users() -> bool:
    """Whether anybody has an account here; without one the first-run page is open."""
    return User.objects.exists()


def active_users() -> QuerySet[User]:
    """Return the users who may sign in, by name."""
    return User.objects.filter(is_active=True)


def everybody() -> QuerySet[User]:
    """Return all users with role and teams: who works here first, then who was shut out."""
    return (
        User.objects.select_related("role", "manager")
        .prefetch_related("teams")
        .order_by("-is_active", "name", "id")
    )


def teams() -> QuerySet[Team]:
    """Return all teams with their members."""
    return Team.objects.prefetch_related("members")


def roles() -> QuerySet[Role]:
    """Return all roles with the number of their active holders as `holders`."""
    holders = Count("users", filter=Q(users__is_active=True))
    return Role.objects.annotate(holders=holders).order_by("position", "key")


def events() -> QuerySet[SecurityEvent]:
    """Return the security diary, newest first."""
    return SecurityEvent.objects.select_related("actor", "user").order_by("-id")


def role_names() -> dict[str, str]:
    """Return what each role is called in the language of the moment, by its key."""
    return {role.key: str(role) for role in Role.objects.all()}


def events_of(user: User) -> QuerySet[SecurityEvent]:
    """Return what happened to this user's account, newest first."""
    return events().filter(user=user)


def own_sessions(user: User) -> QuerySet[Session]:
    """Return the browsers the user is signed in with, the last used first."""
    return Session.objects.filter(user=user, expires_at__gt=timezone.now())


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the user's tokens that were not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None)

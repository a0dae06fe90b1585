"""Questions about accounts; nothing here writes."""

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from rapport.accounts.links import link_path
from rapport.accounts.models import (
    ApiToken,
    Letterhead,
    Role,
    SecurityEvent,
    Session,
    Team,
    User,
    Workspace,
)

EVENTS_OF_PAGE = 100

__all__ = [
    "active_users",
    "events",
    "events_around",
    "events_of",
    "everybody",
    "has_users",
    "holders_of",
    "letterhead",
    "link_path",
    "nested_teams",
    "own_sessions",
    "own_tokens",
    "page_of_events",
    "roles",
    "spoken_for",
    "teams",
    "workspace",
]


def workspace() -> Workspace:
    """Return the one workspace; an unsaved one with defaults before the first migration."""
    return Workspace.objects.first() or Workspace()


def letterhead() -> Letterhead:
    """Return how documents of the firm look; unsaved defaults where nobody has said so."""
    return Letterhead.objects.first() or Letterhead()


def has_users() -> bool:
    """Whether anybody has an account here; without one the first-run page is open."""
    return User.objects.exists()


def active_users() -> QuerySet[User]:
    """Return the users who may sign in, by name."""
    return User.objects.filter(is_active=True)


def spoken_for(user: User) -> list[User]:
    """Whose absences a user says: his own, then those of who reports to him."""
    return [user, *active_users().filter(manager=user, is_service=False).order_by("name", "id")]


def everybody() -> QuerySet[User]:
    """Return all people with role and teams: who works here first, then who was shut out."""
    return (
        User.objects.filter(is_service=False)
        .select_related("role", "manager")
        .prefetch_related("teams", "further_roles__role")
        .order_by("-is_active", "name", "id")
    )


def teams() -> QuerySet[Team]:
    """Return all teams with their members and what they are part of."""
    return Team.objects.select_related("parent").prefetch_related("members")


def nested_teams() -> list[Team]:
    """Return all teams, each after the one it is part of."""
    parts: dict[object, list[Team]] = {}
    for team in teams():
        parts.setdefault(team.parent_id, []).append(team)

    def below(parent: object) -> Iterator[Team]:
        for team in parts.get(parent, []):
            yield team
            yield from below(team.pk)

    return list(below(None))


def roles() -> QuerySet[Role]:
    """Return all roles with the number of their active holders as `holders`."""
    main = Count("users", filter=Q(users__is_active=True), distinct=True)
    is_active = Q(further_holders__user__is_active=True)
    further = Count("further_holders", filter=is_active, distinct=True)
    return Role.objects.annotate(holders=main + further).order_by("position", "key")


def holders_of(role: Role) -> QuerySet[User]:
    """Return the active users who hold the role, as their main one or besides."""
    return active_users().filter(Q(role=role) | Q(further_roles__role=role)).distinct()


def events() -> QuerySet[SecurityEvent]:
    """Return the security diary, newest first."""
    return SecurityEvent.objects.select_related("actor", "user").order_by("-id")


def role_names() -> dict[str, str]:
    """Return what each role is called in the language of the moment, by its key."""
    return {role.key: str(role) for role in Role.objects.all()}


def events_of(user: User) -> QuerySet[SecurityEvent]:
    """Return what happened to this user's account, newest first."""
    return events().filter(user=user)


def events_around(user: User) -> QuerySet[SecurityEvent]:
    """Return what happened to the user's account and what he did to others', newest first."""
    return events().filter(Q(user=user) | Q(actor=user))


def page_of_events(
    found: QuerySet[SecurityEvent], after: str = ""
) -> tuple[list[SecurityEvent], UUID | None]:
    """Return a page of them and its last key, if more follow; `after` is that of the page before,
    as it was typed."""
    with suppress(ValueError):
        found = found.filter(id__lt=UUID(after))
    shown = list(found[: EVENTS_OF_PAGE + 1])
    last = shown[EVENTS_OF_PAGE - 1].pk if len(shown) > EVENTS_OF_PAGE else None
    return shown[:EVENTS_OF_PAGE], last


def own_sessions(user: User) -> QuerySet[Session]:
    """Return the browsers the user is signed in with, the last used first."""
    return Session.objects.filter(user=user, expires_at__gt=timezone.now())


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the user's tokens that were not revoked, newest first; not those that apps renew."""
    return ApiToken.objects.filter(user=user, revoked_at=None, app_access=None)

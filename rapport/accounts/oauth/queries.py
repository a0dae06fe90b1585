"""Questions about apps; nothing here writes."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from rapport.accounts.models import AppAccess, OAuthApp, User


def apps() -> QuerySet[OAuthApp]:
    """The registered apps, with how many people let each in as `people`."""
    is_let_in = Q(
        accesses__token__revoked_at=None,
        accesses__ends_at__gt=timezone.now(),
        accesses__token__user__is_active=True,
    )
    people = Count("accesses__token__user", filter=is_let_in, distinct=True)
    return OAuthApp.objects.filter(removed_at=None).annotate(people=people)


def accesses() -> QuerySet[AppAccess]:
    """What apps may do now for whom, the last let in first."""
    return AppAccess.objects.filter(
        token__revoked_at=None, ends_at__gt=timezone.now(), token__user__is_active=True
    ).select_related("app", "token__user__role")


def own_accesses(user: User) -> QuerySet[AppAccess]:
    """What apps may do now for this user."""
    return accesses().filter(token__user=user)

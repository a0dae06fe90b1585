"""The one place that makes a browser see as another user, and that keeps it from doing anything.

Whoever looks changes nothing: every method but reading is refused here, before any view, for pages
and the API alike. What is the other's own (account, notifications, tokens, exports) stays shut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import actor_of
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.request import Request
from rapport.accounts.routes import View
from rapport.accounts.viewing.sessions import end_viewing, may_view_as, viewing_of

READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: Routes, by how their names begin, that stay shut: what is private to the other person, what
#: takes data out under his name, and what would show him as being here.
SHUT = (
    "account", "notification", "api-notification", "api-absence", "plan", "live", "here", "export",
    "api-export",
    "setup_token", "setup_service", "setup_backup", "api-backups", "oauth", "sign_in", "sso",
)  # fmt: skip

type Respond = Callable[[Request], HttpResponse]


class ViewingMiddleware:
    """Stands after that which says who asks, and puts the one looked at in his place."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer as the other would see it. Raises PermissionDenied for all but reading."""
        if request.principal.is_staff and request.principal.token_id is None:
            refusal = _look(request)
            if refusal is not None:
                return refusal
        return self.get_response(request)

    def process_view(
        self, request: Request, _view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Keep private places shut. Raises PermissionDenied."""
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if request.principal.viewed_by and name.startswith(SHUT):
            return _refused(request, _("This is private to the person you see Rapport as."))
        return None


def _look(request: Request) -> HttpResponse | None:
    viewing = viewing_of(request.session)
    if viewing is None:
        return None
    by = actor_of(request)
    if request.path_info == reverse("viewing_stop"):
        return None
    if request.path_info == reverse("sign_out") and request.method == "POST":
        end_viewing(request, by)
        return None
    user = User.objects.select_related("role").filter(pk=viewing.user_id).first()
    if user is None or viewing.is_over or not may_view_as(by, user):
        end_viewing(request, by)
        return _over(request)
    _look_as(request, user)
    if request.method in READING:
        return None
    return _refused(request, _("You only look as another person: nothing can be changed."))


def _over(request: Request) -> HttpResponse | None:
    """What was meant as the other's is not done as one's own."""
    if request.method in READING:
        return None
    return _refused(request, _("You see Rapport as yourself again. Look once more, then do it."))


def _look_as(request: Request, user: User) -> None:
    """In the language and time of whoever looks."""
    own = request.principal
    request.user = user
    request.principal = replace(
        principal_of(user),
        viewed_by=own.user_id,
        language=own.language,
        locale=own.locale,
        timezone=own.timezone,
    )


def _refused(request: Request, sentence: str) -> HttpResponse:
    if not request.path_info.startswith("/api/"):
        raise PermissionDenied(sentence)
    problem = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": sentence}
    return JsonResponse(problem, status=403, content_type="application/problem+json")

"""What a page answers when access or store said no."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from rapport.records.access import Denied
from rapport.records.store import Locked, Missing

type Respond = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Turns Denied and Locked into 403 and Missing into 404, for every page of every surface."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> None:
        """Raises Django's own refusals, which its handler answers with the house's pages."""
        if isinstance(problem, Denied | Locked):
            raise PermissionDenied(str(problem)) from problem
        if isinstance(problem, Missing):
            raise Http404(str(problem)) from problem

"""What a page answers when access or store said no."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.records.access import Denied
from rapport.records.store import Conflict, Locked, Missing, Rejected

type Respond = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Turns Denied and Locked into 403, Missing into 404, and what a page did not catch of Rejected
    and Conflict into 422 and 409, for every page of every surface."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Raises Django's own refusals, which its handler answers with the house's pages; answers
        those that Django has no word for."""
        if isinstance(problem, Denied | Locked):
            raise PermissionDenied(str(problem)) from problem
        if isinstance(problem, Missing):
            raise Http404(str(problem)) from problem
        if isinstance(problem, Rejected):
            return not_changed(request, str(problem), 422)
        if isinstance(problem, Conflict):
            text = _("%(who)s changed this meanwhile. Read the record again and decide.")
            return not_changed(request, text % {"who": problem.who}, 409)
        return None


def not_changed(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """What was refused: for a part of a page plain text, which it says in a toast."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    facts = {"sentence": sentence, "status": status}
    return render(request, "records/not_changed.html", facts, status=status)

"""What a person or a program hears when a page could not be made."""

import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from rapport.kit.full_disk import is_disk_full

#: Stopped by its time; and since somebody else held what it waited for.
TOO_LONG = ("57014", "55P03", "40P01")
# The server is shutting down, crashed or starting; class 08 are broken connections.
GOING = ("57P01", "57P02", "57P03")
RETRY_SECONDS = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception nobody caught; a full disk and an absent database get their own words."""
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return _disk_full(request)
    if not isinstance(error, OperationalError | InterfaceError):
        return _plain(request)
    state = error.__cause__.sqlstate if isinstance(error.__cause__, psycopg.Error) else None
    if state in TOO_LONG:
        # Asked again with its filter when the server has more time, or with one more.
        again = {"again": request.get_full_path()} if request.method == "GET" else None
        return _answer(request, 503, "too_long", _("This took too long and was stopped."), again)
    if state is None or state.startswith("08") or state in GOING:
        return _answer(request, 503, "database_away", _("The database does not answer just now."))
    return _plain(request)


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """Answer a request that is larger than its page takes; the rest of it is not read."""
    size = filesizeformat(most)
    title = _("This is more than %(size)s, the most that is taken here at once.") % {"size": size}
    return _answer(request, 413, "too_large", title, {"size": size})


def _disk_full(request: HttpRequest) -> HttpResponse:
    return _answer(request, 507, "disk_full", _("The server's disk is full. Nothing was saved."))


def _plain(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        return _problem(500, _("Something broke on our side."))
    return plain_server_error(request)


def _answer(
    request: HttpRequest,
    status: int,
    template: str,
    title: str,
    facts: dict[str, str] | None = None,
) -> HttpResponse:
    if _is_program(request):
        response = _problem(status, title)
    else:
        # Without the request: what fills a page's frame would ask the database again.
        text = loader.get_template(f"project/{template}.html").render(facts)
        response = HttpResponse(text, status=status)
    if status >= 500:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: int, title: str) -> HttpResponse:
    problem = {"type": "about:blank", "title": title, "status": status}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")

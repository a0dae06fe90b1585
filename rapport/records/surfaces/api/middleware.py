"""Every error under /api/ is a problem document, whoever found it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rapport.records.surfaces.api.problems import CONTENT_TYPE, problem_response

API = "/api/"
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")

type Respond = Callable[[HttpRequest], HttpResponse]


class ApiProblemMiddleware:
    """Turns the pages with which others refuse an API request into problems.

    It stands outside everything that can refuse one: forgery check, hosts, sizes, our own faults.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; API answers are never cached, for they are one principal's."""
        response = self.get_response(request)
        if not request.path_info.startswith(API):
            return response
        if response.status_code >= 400 and not _is_problem(response):
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            response = problem_response(response.status_code, _sentence(response), headers)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_problem(response: HttpResponse) -> bool:
    return response.get("Content-Type", "") == CONTENT_TYPE


def _sentence(response: HttpResponse) -> str:
    if response.status_code == 403:
        return _("This request is not allowed. Programs send a token, pages the CSRF token.")
    if response.status_code >= 500:
        return _("Something went wrong on our side. It has been noted.")
    return ""

"""Sending a reader on, whether the page or htmx asked."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from rapport.accounts.request import Request


def send_to(request: Request, url: str) -> HttpResponse:
    """The answer that brings the whole page to `url`, one of our own addresses."""
    if not request.htmx:
        return HttpResponseRedirect(url)
    answer = HttpResponse()
    answer.headers["HX-Redirect"] = url
    return answer


def own_address(url: str, otherwise: str) -> str:
    """`url` if it is a path of this house, else the other address."""
    is_safe = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_safe and url.startswith("/") and not url.startswith("//") else otherwise

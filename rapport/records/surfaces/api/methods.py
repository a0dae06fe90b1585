"""Which HTTP methods an address of the API takes, and what it can answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.surfaces.api.problems import (
    Problem,
    problem_of,
    problem_response,
    refused,
)
from rapport.records.surfaces.api.rating import take, tell
from rapport.records.surfaces.api.repeating import answer_once

type View = Callable[..., HttpResponseBase]

REWRITES = {"PATCH": "edit", "PUT": "edit", "DELETE": "delete"}


def by_method(**views: View) -> View:
    """One address with a view per method; HEAD goes with GET, OPTIONS tells what there is."""

    @admits("staff", "service", "agent")
    def answer(request: Request, **address: Any) -> HttpResponseBase:
        usable = _usable(views, address.get("declaration"))
        allowed = ", ".join(sorted({*usable, "OPTIONS", *(["HEAD"] if "GET" in usable else [])}))
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        return within_limits(request, lambda: _view(request, usable, allowed)(request, **address))

    return answer


def within_limits(request: Request, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer of a view, counted and done once; faults as problems."""
    allowance = None
    try:
        allowance = take(request)
        answer = answer_once(request, lambda: _answered(view))
    except Problem as refusal:
        answer = refused(refusal)
    tell(answer, allowance)
    return answer


def _answered(view: Callable[[], HttpResponseBase]) -> Any:
    try:
        return view()
    except Exception as fault:
        problem = problem_of(fault)
        if problem is None:
            raise
        return problem


def _usable(views: Mapping[str, View], declaration: type[Object] | None) -> Mapping[str, View]:
    """Those that records of the object can take: what is only ever added is not rewritten."""
    if declaration is None:
        return views
    return {
        method: view
        for method, view in views.items()
        if not access.is_kept(declaration, REWRITES.get(method, ""))
    }


def _view(request: Request, views: Mapping[str, View], allowed: str) -> View:
    view = views.get("GET" if request.method == "HEAD" else request.method or "")
    if view is None:
        detail = _("This address takes %(methods)s.") % {"methods": allowed}
        raise Problem(405, detail, headers={"Allow": allowed})
    if not request.accepts("application/json"):
        raise Problem(406, _("This API answers in application/json."))
    return view


@admits("staff", "service", "agent")
def not_found(request: Request, *_address: Any) -> HttpResponseBase:
    """The answer to every other address of the API."""
    return within_limits(
        request, lambda: problem_response(404, _("There is nothing here for you."))
    )

"""More conditions: the builder of a list's filter, and how many records it would show."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions import Group
from rapport.records.declare import Object
from rapport.records.surfaces.building.hosting import Host, build_in, count_in
from rapport.records.surfaces.building.making import flat
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.records.views.definition import LAYOUTS
from rapport.records.views.reading import views_of


@require_http_methods(["GET", "POST"])
def build(request: Request, declaration: type[Object]) -> HttpResponse:
    """The condition of a list as parts to change."""
    return build_in(request, _host(request, declaration))


@require_POST
def count(request: Request, declaration: type[Object]) -> HttpResponse:
    """How many records the parts would show."""
    return count_in(request, _host(request, declaration))


def _host(request: Request, declaration: type[Object]) -> Host:
    access.check(request.principal, "view", declaration.name)
    state = _state(request, declaration)

    def apply(condition: Group) -> HttpResponse:
        return send_to(request, state.url(condition=flat(condition)))

    return Host(state, f"{declaration.url()}conditions/", state.url(), apply)


def _state(request: Request, declaration: type[Object]) -> ListState:
    """The list whose filter is built, in the layout it was seen in."""
    is_sent = request.method == "POST"
    query = QueryDict(request.POST.get("_state", "")) if is_sent else request.GET
    layout = (request.POST if is_sent else request.GET).get("_layout", "table")
    views = views_of(request.principal, declaration.name)
    return read_state(
        query, declaration, page_context(request), views=views,
        layout=layout if layout in LAYOUTS else "table",
    )  # fmt: skip

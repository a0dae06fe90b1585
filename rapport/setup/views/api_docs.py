"""What programs can ask of this instance, for people who write them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rapport.accounts.addresses import site_of
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.setup.api_pages import sections


@admits("staff")
@require_safe
def api(request: Request) -> HttpResponse:
    """List what there is, as far as the visitor may use it, and how to begin."""
    found = sections(request.principal)
    facts = {"sections": found, "site": site_of(request)}
    return render(request, "setup/api.html", facts)


@admits("staff")
@require_safe
def section(request: Request, name: str) -> HttpResponse:
    """Show the operations of one section. Raises Http404."""
    found = sections(request.principal)
    if name not in found:
        raise Http404
    facts = {"sections": found, "name": name, "operations": found[name]}
    return render(request, "setup/api_section.html", facts)

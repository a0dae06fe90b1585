"""What a stranger hears at a door that admits staff only."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from rapport.accounts.addresses import own_path
from rapport.accounts.oauth.sites import challenge
from rapport.accounts.request import Request
from rapport.accounts.scim.errors import ScimError, error_response


def refuse_program(request: Request) -> HttpResponse:
    """Return the API's 401, the same for every address, method and body; it leads to the sign-in
    of apps."""
    problem = {
        "type": "about:blank",
        "title": _("Not signed in"),
        "status": 401,
        "detail": _("Send a valid token as “Authorization: Bearer …”. It may have run out."),
    }
    response = JsonResponse(problem, status=401, content_type="application/problem+json")
    response.headers["WWW-Authenticate"] = challenge(request)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_directory() -> HttpResponse:
    """Return the 401 of the directory's door, the same for every address, method and body."""
    said = _("Send a valid token as “Authorization: Bearer …”. It may have run out.")
    response = error_response(ScimError(401, said))
    response.headers["WWW-Authenticate"] = 'Bearer realm="Rapport"'
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_browser(request: HttpRequest) -> HttpResponse:
    """Send a page request to the sign-in page; answer htmx so that the page keeps its text."""
    address = f"{settings.LOGIN_URL}?{urlencode({'next': _way_back(request)})}"
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(address)
    response = HttpResponse(_("You are signed out. Sign in again to go on."), status=401)
    # Without this htmx would swap the sentence in over what somebody has typed.
    response.headers["HX-Reswap"] = "none"
    response.headers["Rapport-Sign-In"] = address
    return response


def _way_back(request: HttpRequest) -> str:
    if page := request.headers.get("HX-Current-URL"):
        return _path_here(request, page)
    if request.method in {"GET", "HEAD"}:
        return own_path(request.get_full_path())
    return _path_here(request, request.headers.get("Referer", ""))


def _path_here(request: HttpRequest, page: str) -> str:
    parts = urlsplit(page)
    if parts.netloc != request.get_host():
        return "/"
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)

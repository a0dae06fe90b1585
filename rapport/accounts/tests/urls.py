"""Routes that say what the middleware made of the request."""

from django.http import HttpResponse, JsonResponse
from django.urls import include, path
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.accounts.routes import admits


def whoami(request: Request) -> JsonResponse:
    principal = request.principal
    return JsonResponse(
        {
            "kind": principal.kind,
            "name": principal.name,
            "role": principal.role,
            "edit": principal.grant("people").edit,
            "view": principal.grant("people").view,
            "language": translation.get_language(),
            "zone": timezone.get_current_timezone_name(),
            "metadata_version": request.workspace.metadata_version,
        }
    )


@admits("anonymous")
def public(request: Request) -> HttpResponse:
    return whoami(request)


@admits("staff", roles=("owner",))
def owners(request: Request) -> HttpResponse:
    return HttpResponse("owners only")


@require_http_methods(["GET", "POST"])
def api(request: Request) -> HttpResponse:
    return whoami(request)


urlpatterns = [
    path("whoami/", whoami),
    path("public/", public),
    path("owners/", owners),
    path("api/v1/whoami/", api),
    path("", include("rapport.accounts.urls")),
]

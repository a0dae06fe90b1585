"""What a load balancer asks: is the process there, and can it serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rapport.accounts.routes import admits


@admits("anonymous")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers; asks nobody else, so that a slow database restarts none."""
    return HttpResponse("ok\n", content_type="text/plain")


@admits("anonymous")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether pages can be served now: 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    return JsonResponse({"ready": True, "database": True})

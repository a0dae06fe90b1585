"""What a load balancer asks: is the process there, and can it serve."""

from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rapport.accounts.routes import admits
from rapport.project.draining import is_draining
from rapport.project.observing.figures import rows_of, silence_of_workers

SILENCE_SECONDS = 60
APPLIED = "SELECT app, name FROM django_migrations"


@admits("anonymous")
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers; asks nobody else, so that a slow database restarts none."""
    return HttpResponse("ok\n", content_type="text/plain")


@admits("anonymous")
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether pages can be served now: 200 when the database answers and is of this version,
    else 503, and while this process drains before it stops.

    Whether a worker lives is told too, and changes nothing: pages are served without one.
    """
    if is_draining():
        return JsonResponse({"ready": False, "draining": True}, status=503)
    try:
        facts = {"database": True, "migrations": _is_migrated(), "worker": _has_worker()}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    ready = facts["migrations"]
    return JsonResponse({"ready": ready, **facts}, status=200 if ready else 503)


def _is_migrated() -> bool:
    connection.ensure_connection()
    return _brought() <= set(rows_of(APPLIED))


def _has_worker() -> bool:
    return silence_of_workers(SILENCE_SECONDS)[1] > 0


@cache
def _brought() -> frozenset[tuple[str, str]]:
    """The migrations that this version brings, by the names of their files: none is loaded."""
    return frozenset(
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in (Path(app.path) / "migrations").glob("[0-9]*.py")
    )

"""The rows of a file that were not taken, to be mended and sent again."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records import access
from rapport.records.imports.problems import problems_text
from rapport.records.models import ImportRun
from rapport.records.signing import stamp_for
from rapport.records.surfaces.signed import as_download, serve

CSV = "text/csv; charset=utf-8"


def run_for(principal: Principal, run_id: UUID) -> ImportRun:
    """One's own import of a file, an owner anybody's. Raises Http404, Denied."""
    run = get_object_or_404(ImportRun, pk=run_id)
    if run.user_id != principal.user_id and not principal.is_owner:
        raise Http404
    access.check(principal, "import", run.object)
    return run


def problems_name(run: ImportRun) -> str:
    """What the file is called when it is saved."""
    return f"rows-to-mend-{run.pk}.csv"


def address_of_problems(run_id: UUID, principal: Principal) -> tuple[str, int]:
    """Where the principal fetches the rows of an import of his, and until when."""
    stamp, until = stamp_for(_stamped(run_id), principal)
    return f"/import/run/{run_id}/problems/{stamp}/", until


@never_cache
@require_GET
def problems_file(request: Request, run_id: UUID) -> HttpResponse:
    """Lead to the rows that were not taken, by an address for this reader."""
    run = run_for(request.principal, run_id)
    return HttpResponseRedirect(address_of_problems(run.pk, request.principal)[0])


@admits("anonymous")
@require_GET
def serve_problems(request: Request, run_id: UUID, stamp: str) -> HttpResponseBase:
    """The rows as they stood, with the reason in a last column, for whom the address was made.

    Raises Http404, Denied.
    """

    def content(principal: Principal) -> FileResponse:
        run = run_for(principal, run_id)
        return as_download(BytesIO(problems_text(run).encode()), problems_name(run), CSV)

    return serve(request, _stamped(run_id), stamp, f"/import/run/{run_id}/problems/", content)


def _stamped(run_id: UUID) -> str:
    return f"problems.{run_id.hex}"

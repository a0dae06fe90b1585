"""The file of a finished export, by addresses that were made for who asked for it."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records import access, registry
from rapport.records.models import Job
from rapport.records.signing import stamp_for
from rapport.records.surfaces.export.everything import exportable
from rapport.records.surfaces.export.everything_job import all_made_for
from rapport.records.surfaces.export.job import file_of, made_for
from rapport.records.surfaces.signed import as_download, serve


def fetched(principal: Principal, job_id: UUID) -> Job:
    """The finished export that the principal may take now. Raises Http404, Denied."""
    job = Job.objects.filter(pk=job_id, user=principal.user_id).first()
    if job is not None and job.kind == "export":
        declaration = registry.get(job.arguments["object"])
        access.check(principal, "export", declaration.name)
        return made_for(principal, declaration, job_id)
    job = all_made_for(principal, job_id)
    if not exportable(principal):
        raise access.Denied(_("Your role does not allow to export anything."))
    return job


def address_of_export(job_id: UUID, principal: Principal) -> tuple[str, int]:
    """Where the principal fetches a file that he may take, and until when."""
    stamp, until = stamp_for(_stamped(job_id), principal)
    return f"/export/{job_id}/file/{stamp}/", until


@admits("anonymous")
@require_GET
def serve_export(request: Request, job_id: UUID, stamp: str) -> HttpResponseBase:
    """The file, for whom the address was made and who still may export. Raises Http404, Denied."""

    def content(principal: Principal) -> FileResponse:
        job = fetched(principal, job_id)
        return as_download(file_of(job).open("rb"), job.result["name"], job.result["content_type"])

    return serve(request, _stamped(job_id), stamp, f"/jobs/{job_id}/", content)


def _stamped(job_id: UUID) -> str:
    return f"export.{job_id.hex}"

"""The content of files, by short-lived addresses that were made for whoever asks."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records.attachments import address_of, attachment_of
from rapport.records.attachments.addresses import stamped
from rapport.records.store import Missing
from rapport.records.surfaces.signed import as_download, serve


@never_cache
@require_GET
def fetch_file(request: Request, attachment_id: UUID) -> HttpResponse:
    """Lead to the content, by an address for this reader and the next minutes.

    Raises Missing when the file is not there for this reader.
    """
    found = attachment_of(request.principal, attachment_id)
    return HttpResponseRedirect(address_of(found.pk, request.principal)[0])


@admits("anonymous")
@require_GET
def serve_file(request: Request, attachment_id: UUID, stamp: str) -> HttpResponseBase:
    """The content, always as a download, for whom the address was made and who still may see it.

    Raises Missing for a record out of sight.
    """

    def content(principal: Principal) -> FileResponse:
        found = attachment_of(principal, attachment_id)
        try:
            stored = default_storage.open(found.storage_key, "rb")
        except FileNotFoundError:
            raise Missing(_("The content of this file is lost.")) from None
        return as_download(stored, found.name, found.content_type)

    again = f"/files/{attachment_id}/"
    return serve(request, stamped(attachment_id), stamp, again, content)

"""The content of files, by short-lived addresses that were made for whoever asks."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rapport.accounts.identity import token_by_id
from rapport.accounts.narrowing import for_token
from rapport.accounts.principals import Principal
from rapport.accounts.refusals import refuse_browser
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records.attachments import address_of, attachment_of
from rapport.records.attachments.signing import Forged, Holder, RunOut, holder_of
from rapport.records.models import Attachment
from rapport.records.store import Missing

REFUSED = 403
GONE = 410


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
    try:
        holder = holder_of(attachment_id, stamp)
    except Forged:
        said = _("This address of a file is not one of ours. Copy it whole.")
        return _refuse(request, attachment_id, said)
    except RunOut:
        said = _(
            "Addresses of files are good for some minutes only, so that one that is passed on "
            "opens nothing."
        )
        return _refuse(request, attachment_id, said, GONE)
    if holder.is_token:
        return open_file(attachment_of(_principal_of_token(request, holder), attachment_id))
    if request.principal.kind == "anonymous":
        return refuse_browser(request)
    if not request.principal.is_staff or request.principal.user_id != holder.key:
        said = _("This address of a file was made for somebody else.")
        return _refuse(request, attachment_id, said)
    return open_file(attachment_of(request.principal, attachment_id))


def open_file(found: Attachment) -> FileResponse:
    """The content of a file that its reader may see, as a download. Raises Missing."""
    try:
        content = default_storage.open(found.storage_key, "rb")
    except FileNotFoundError:
        raise Missing(_("The content of this file is lost.")) from None
    answer = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.content_type
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    # Should a browser show it after all, it runs nothing and reads nothing of ours.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _principal_of_token(request: Request, holder: Holder) -> Principal:
    """What the token may now; nothing is there for one that has ended since."""
    token = token_by_id(holder.key)
    is_good = token is not None and token.is_valid(timezone.now()) and token.user.is_active
    if token is None or not is_good or not token.allows(request.session.ip):
        raise Missing(_("This file is gone, or not yours to see."))
    return for_token(token)


def _refuse(
    request: Request, attachment_id: UUID, said: str, status: int = REFUSED
) -> HttpResponse:
    facts = {"said": said, "again": f"/files/{attachment_id}/"}
    return render(request, "records/files/refused.html", facts, status=status)

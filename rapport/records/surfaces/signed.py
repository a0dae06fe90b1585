"""Content by short-lived addresses that were made for whoever asks, and asked about once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.identity import token_by_id
from rapport.accounts.narrowing import for_token
from rapport.accounts.principals import Principal
from rapport.accounts.refusals import refuse_browser
from rapport.accounts.request import Request
from rapport.records.signing import Forged, Holder, RunOut, holder_of
from rapport.records.store import Missing

REFUSED = 403
GONE = 410

type Content = Callable[[Principal], HttpResponseBase]


def serve(
    request: Request, what: str, stamp: str, again: str, content: Content
) -> HttpResponseBase:
    """What `content` gives to whom the address was made for, if he still may have it.

    `again` leads to another address. Raises what `content` raises for one who may not.
    """
    try:
        holder = holder_of(what, stamp)
    except Forged:
        said = _("This address of a file is not one of ours. Copy it whole.")
        return _refuse(request, again, said)
    except RunOut:
        said = _(
            "Addresses of files are good for some minutes only, so that one that is passed on "
            "opens nothing."
        )
        return _refuse(request, again, said, GONE)
    if holder.is_token:
        return content(_principal_of_token(request, holder))
    if request.principal.kind == "anonymous":
        return refuse_browser(request)
    if not request.principal.is_staff or request.principal.user_id != holder.key:
        said = _("This address of a file was made for somebody else.")
        return _refuse(request, again, said)
    return content(request.principal)


def as_download(content: IO[bytes], name: str, content_type: str) -> FileResponse:
    """The content as a file to save, kept by nobody on the way."""
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    # Should a browser show it after all, it runs nothing and reads nothing of ours.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def download_facts(address: str, until: int) -> dict[str, Any]:
    """How the API tells of an address."""
    return {"download_url": address, "download_until": datetime.fromtimestamp(until, UTC)}


def _principal_of_token(request: Request, holder: Holder) -> Principal:
    """What the token may now; nothing is there for one that has ended since."""
    token = token_by_id(holder.key)
    is_good = token is not None and token.is_valid(timezone.now()) and token.user.is_active
    if token is None or not is_good or not token.allows(request.session.ip):
        raise Missing(_("This file is gone, or not yours to see."))
    return for_token(token)


def _refuse(request: Request, again: str, said: str, status: int = REFUSED) -> HttpResponse:
    facts = {"said": said, "again": again}
    return render(request, "records/files/refused.html", facts, status=status)

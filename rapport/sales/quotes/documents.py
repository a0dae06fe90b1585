"""A quote as a document, for colleagues and their programs."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.kit.typesetting import NotSet
from rapport.records import access
from rapport.records.signing import stamp_for
from rapport.records.store import Missing
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    DOWNLOAD,
    KEY,
    TEXT,
    json_content,
    operation,
    parameter,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.signed import as_download, download_facts, serve
from rapport.sales.models import Quote
from rapport.sales.quotes.document import said_by, set_quote

PDF = "application/pdf"
#: What the document says, by object: who may not read all of it gets none.
SAYS = {
    "quote": (
        "name", "number", "company", "person", "owner", "currency", "day", "valid_until",
        "language", "terms", "lines", "discount", "net", "tax", "gross", "not_chosen",
    ),
    "company": ("name", "street", "postal_code", "city", "country"),
    "person": ("name",),
}  # fmt: skip
DOCUMENT = {
    "type": "object",
    "required": ["name", "content_type", "download_url", "download_until"],
    "properties": {"name": TEXT, "content_type": {"const": PDF}, **DOWNLOAD},
}


@require_GET
def show_document(request: Request, record_id: UUID) -> HttpResponseBase:
    """The quote as the customer gets it, as a PDF. Raises Missing, Denied."""
    return _document(request, request.principal, record_id)


@admits("anonymous")
@require_GET
def serve_document(request: Request, record_id: UUID, stamp: str) -> HttpResponseBase:
    """The same, by an address that was made for a program and is good for minutes."""

    def content(principal: Principal) -> HttpResponseBase:
        return _document(request, principal, record_id)

    again = f"/quotes/{record_id}/document/"
    return serve(request, _stamped(record_id), stamp, again, content)


def tell_document(request: Request, record_id: UUID) -> HttpResponse:
    """Where a program fetches the quote as a PDF. Raises Missing, Denied."""
    for name in request.GET:
        raise refuse_field(name[:60], _("This address takes no such parameter."))
    quote = quote_to_show(request.principal, record_id)
    stamp, until = stamp_for(_stamped(record_id), request.principal)
    facts = download_facts(f"/quotes/{record_id}/document/{stamp}/", until)
    return answer_json({"name": _file_name(quote), "content_type": PDF, **facts})


def may_have_document(principal: Principal, quote: Quote) -> bool:
    """Whether the principal may read all that the document says."""
    named = {"company": quote.company_id, "person": quote.person_id}
    is_hidden = any(access.unread(principal, name, *fields) for name, fields in SAYS.items())
    return not is_hidden and all(
        key is None or access.reachable(principal, name, [key], "view")
        for name, key in named.items()
    )


def document_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever sees quotes."""
    if not access.may(principal, "view", "quote"):
        return {}
    answer = json_content("Where the PDF is, for some minutes.", DOCUMENT)
    one = operation(
        "quotes", "document_of_quote", "The quote as a PDF", {"200": answer}, 403, 404, 422
    )
    told = {"parameters": [parameter("record_id", KEY, "path", required=True)], "get": one}
    return {"/quotes/{record_id}/document": told}


def pdf_answer(made: bytes, name: str) -> HttpResponseBase:
    """A document as a file to save, which anybody can compare with its fingerprint."""
    answer = as_download(io.BytesIO(made), name, PDF)
    answer.headers["ETag"] = f'"{hashlib.sha256(made).hexdigest()}"'
    return answer


def _document(request: Request, principal: Principal, record_id: UUID) -> HttpResponseBase:
    quote = quote_to_show(principal, record_id)
    try:
        return pdf_answer(set_quote(said_by(quote)), _file_name(quote))
    except NotSet:
        return render(
            request, "sales/quotes/not_set.html", {"back": f"/quotes/{quote.pk}/"}, status=503
        )


def quote_to_show(principal: Principal, record_id: UUID) -> Quote:
    """A quote all of which the principal may read as the customer does. Raises Missing, Denied."""
    access.check(principal, "view", "quote")
    seen = access.rows(principal, "quote").select_related("company", "person", "owner")
    quote: Quote | None = seen.filter(pk=record_id).first()
    if quote is None:
        raise Missing(_("This quote is gone, or not yours to see."))
    if not may_have_document(principal, quote):
        raise access.Denied(_("Your role does not let you see all that the document says."))
    return quote


def _file_name(quote: Quote) -> str:
    return f"{quote.number or _('Quote')}.pdf"


def _stamped(record_id: UUID) -> str:
    """What the stamp in the address is about."""
    return f"quote.{record_id.hex}"

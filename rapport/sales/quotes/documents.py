"""A quote or an invoice as a document, for colleagues and their programs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
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
from rapport.records import access, registry
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
from rapport.sales.invoices.document import set_invoice
from rapport.sales.models import Quote
from rapport.sales.quotes.document import said_by, set_quote

PDF = "application/pdf"
#: What both say of their sums.
SUMS = ("currency", "language", "terms", "lines", "discount", "net", "tax", "gross")
#: What the document says, by object: who may not read all of it gets none.
SAYS = {
    "quote": (
        "name", "number", "company", "person", "owner", "day", "valid_until", "not_chosen", *SUMS,
    ),
    "invoice": (
        "name", "number", "company", "person", "owner", "day", "due", "bill_to", "reference",
        "kind", "order", "credits", *SUMS,
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
def show_document(request: Request, record_id: UUID, name: str = "quote") -> HttpResponseBase:
    """The document as the customer gets it, as a PDF. Raises Missing, Denied."""
    return _document(request, request.principal, name, record_id)


@admits("anonymous")
@require_GET
def serve_document(
    request: Request, record_id: UUID, stamp: str, name: str = "quote"
) -> HttpResponseBase:
    """The same, by an address that was made for a program and is good for minutes."""

    def content(principal: Principal) -> HttpResponseBase:
        return _document(request, principal, name, record_id)

    again = f"{registry.get(name).url(record_id)}document/"
    return serve(request, _stamped(name, record_id), stamp, again, content)


def tell_document(request: Request, record_id: UUID, name: str = "quote") -> HttpResponse:
    """Where a program fetches the document as a PDF. Raises Missing, Denied."""
    for given in request.GET:
        raise refuse_field(given[:60], _("This address takes no such parameter."))
    document = document_to_show(request.principal, name, record_id)
    stamp, until = stamp_for(_stamped(name, record_id), request.principal)
    facts = download_facts(f"{registry.get(name).url(record_id)}document/{stamp}/", until)
    return answer_json({"name": _file_name(name, document), "content_type": PDF, **facts})


def may_have_document(principal: Principal, document: Any, name: str = "quote") -> bool:
    """Whether the principal may read all that the document says."""
    named = {"company": document.company_id, "person": document.person_id}
    says = {one: SAYS[one] for one in (name, *named)}
    is_hidden = any(access.unread(principal, one, *fields) for one, fields in says.items())
    return not is_hidden and all(
        key is None or access.reachable(principal, name, [key], "view")
        for name, key in named.items()
    )


def document_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever sees quotes or invoices."""
    return {
        f"{registry.get(name).url()}{{record_id}}/document": _path(name)
        for name in SETTERS
        if access.may(principal, "view", name)
    }


def _path(name: str) -> dict[str, Any]:
    answer = json_content("Where the PDF is, for some minutes.", DOCUMENT)
    one = operation(
        registry.get(name).plural, f"document_of_{name}", f"The {name} as a PDF",
        {"200": answer}, 403, 404, 422,
    )  # fmt: skip
    return {"parameters": [parameter("record_id", KEY, "path", required=True)], "get": one}


def pdf_answer(made: bytes, name: str) -> HttpResponseBase:
    """A document as a file to save, which anybody can compare with its fingerprint."""
    answer = as_download(io.BytesIO(made), name, PDF)
    answer.headers["ETag"] = f'"{hashlib.sha256(made).hexdigest()}"'
    return answer


def _document(
    request: Request, principal: Principal, name: str, record_id: UUID
) -> HttpResponseBase:
    document = document_to_show(principal, name, record_id)
    try:
        return pdf_answer(SETTERS[name](document), _file_name(name, document))
    except NotSet:
        back = {"back": registry.get(name).url(document.pk)}
        return render(request, "sales/quotes/not_set.html", back, status=503)


def quote_to_show(principal: Principal, record_id: UUID) -> Quote:
    """A quote all of which the principal may read as the customer does. Raises Missing, Denied."""
    quote: Quote = document_to_show(principal, "quote", record_id)
    return quote


def document_to_show(principal: Principal, name: str, record_id: UUID) -> Any:
    """The same of a quote or an invoice. Raises Missing, Denied."""
    access.check(principal, "view", name)
    seen = access.rows(principal, name).select_related("company", "person", "owner")
    document = seen.filter(pk=record_id).first()
    if document is None:
        raise Missing(_("This is gone, or not yours to see."))
    if not may_have_document(principal, document, name):
        raise access.Denied(_("Your role does not let you see all that the document says."))
    return document


def _file_name(name: str, document: Any) -> str:
    return f"{document.number or registry.get(name).label}.pdf"


def _stamped(name: str, record_id: UUID) -> str:
    """What the stamp in the address is about."""
    return f"{name}.{record_id.hex}"


def _set_quote(quote: Quote) -> bytes:
    return set_quote(said_by(quote))


SETTERS: Mapping[str, Callable[[Any], bytes]] = {"quote": _set_quote, "invoice": set_invoice}

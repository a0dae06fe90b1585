"""Addresses of the pages of quotes that the engine can't give, and its part of the API."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rapport.records import access
from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.records.surfaces.nav import Place, add_place
from rapport.sales.quotes import (
    approval_api,
    approvals,
    customer,
    documents,
    link_api,
    public_views,
    versions,
    views,
)

DOCUMENT = by_method(GET=documents.tell_document)
QUOTE = "quotes/<uuid:record_id>"
OF_ONE = f"{QUOTE}/document"
APPROVAL = by_method(GET=approval_api.show_approval, POST=approval_api.change_approval)
LINK = by_method(GET=link_api.show_link, POST=link_api.make_link, DELETE=link_api.revoke_link)
WAITING = by_method(GET=approval_api.list_waiting)
#: What the customer opens; nothing in it tells which quote it is.
PUBLIC = "q/<str:secret>"

urlpatterns = [
    path("quotes/sums/", views.show_sums, name="quote_sums"),
    path(f"{OF_ONE}/", documents.show_document, name="quote_document"),
    path(f"{OF_ONE}/<str:stamp>/", documents.serve_document, name="quote_document_signed"),
    path("approvals/", approvals.list_approvals, name="approvals"),
    path(f"{QUOTE}/approval/", approvals.act_on_approval, name="quote_approval"),
    path(f"{QUOTE}/changes/", versions.show_differences, name="quote_changes"),
    path(f"{QUOTE}/link/", customer.make_link, name="quote_link"),
    path(f"{QUOTE}/link/revoke/", customer.revoke_links, name="quote_link_revoke"),
    path(f"{QUOTE}/answer/", customer.answer, name="quote_answer"),
    path(f"{QUOTE}/signed/", customer.show_signed, name="quote_signed"),
    path(f"{QUOTE}/accepted/", customer.show_accepted, name="quote_accepted"),
    path(f"{PUBLIC}/", public_views.show_quote, name="quote_public"),
    path(f"{PUBLIC}/sums/", public_views.show_sums, name="quote_public_sums"),
    path(f"{PUBLIC}/document/", public_views.show_pdf, name="quote_public_document"),
    path(f"{PUBLIC}/accept/", public_views.accept, name="quote_public_accept"),
    path(f"{PUBLIC}/decline/", public_views.refuse, name="quote_public_decline"),
    path(f"{PUBLIC}/newest/", public_views.read_newest, name="quote_public_newest"),
    path(f"{PUBLIC}/comment/", public_views.ask, name="quote_public_comment"),
    path("api/v1/approvals", WAITING, name="api-approvals"),
    path("api/v1/approvals/", WAITING, name="api-approvals-slash"),
    path(f"api/v1/{QUOTE}/approval", APPROVAL, name="api-quote-approval"),
    path(f"api/v1/{QUOTE}/approval/", APPROVAL, name="api-quote-approval-slash"),
    path(f"api/v1/{QUOTE}/link", LINK, name="api-quote-link"),
    path(f"api/v1/{QUOTE}/link/", LINK, name="api-quote-link-slash"),
    path(f"api/v1/{OF_ONE}", DOCUMENT, name="api-quote-document"),
    path(f"api/v1/{OF_ONE}/", DOCUMENT, name="api-quote-document-slash"),
]
add_paths(documents.document_paths)
add_paths(approval_api.approval_paths)
add_paths(link_api.link_paths)
add_place(
    Place(
        _("Relationships"), 45, _("My approvals"), "/approvals/", "ok",
        lambda principal: access.may(principal, "edit", "quote"),
    )
)  # fmt: skip

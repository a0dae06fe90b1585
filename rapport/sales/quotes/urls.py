"""Addresses of the pages of quotes that the engine can't give, and its part of the API."""

from django.urls import path

from rapport.records.surfaces.api.methods import by_method
from rapport.records.surfaces.api.openapi import add_paths
from rapport.sales.quotes import documents, views

DOCUMENT = by_method(GET=documents.tell_document)
OF_ONE = "quotes/<uuid:record_id>/document"

urlpatterns = [
    path("quotes/sums/", views.show_sums, name="quote_sums"),
    path(f"{OF_ONE}/", documents.show_document, name="quote_document"),
    path(f"{OF_ONE}/<str:stamp>/", documents.serve_document, name="quote_document_signed"),
    path(f"api/v1/{OF_ONE}", DOCUMENT, name="api-quote-document"),
    path(f"api/v1/{OF_ONE}/", DOCUMENT, name="api-quote-document-slash"),
]
add_paths(documents.document_paths)

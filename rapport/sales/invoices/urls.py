"""Addresses of the pages of invoices that the engine can't give, and their part of the API."""

from django.urls import path

from rapport.records.surfaces.api.methods import by_method
from rapport.sales.quotes.documents import serve_document, show_document, tell_document
from rapport.sales.quotes.views import show_sums

INVOICE = {"name": "invoice"}
OF_ONE = "invoices/<uuid:record_id>/document"
DOCUMENT = by_method(GET=tell_document)

urlpatterns = [
    path("invoices/sums/", show_sums, INVOICE, name="invoice_sums"),
    path(f"{OF_ONE}/", show_document, INVOICE, name="invoice_document"),
    path(f"{OF_ONE}/<str:stamp>/", serve_document, INVOICE, name="invoice_document_signed"),
    path(f"api/v1/{OF_ONE}", DOCUMENT, INVOICE, name="api-invoice-document"),
    path(f"api/v1/{OF_ONE}/", DOCUMENT, INVOICE, name="api-invoice-document-slash"),
]

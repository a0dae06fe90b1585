"""The start page's second way: with sample data."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.jobs import enqueue


@require_POST
def start_demo(request: Request) -> HttpResponse:
    """Ask the worker for the sample company; the page shows how far it is."""
    access.check(request.principal, "import", "person")
    job = enqueue(request.principal, "demo", _("Sample data"))
    return HttpResponseRedirect(f"/jobs/{job.pk}/")

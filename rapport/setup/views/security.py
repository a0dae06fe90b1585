"""The security diary."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts import queries
from rapport.accounts.request import Request
from rapport.records.changes.anchoring import newest
from rapport.setup.access import owners_only


@owners_only
@never_cache
@require_safe
def security(request: Request) -> HttpResponse:
    """Show a page of the diary, newest first; `after` is the last line of the page before.

    The first page also shows where the sealed change log ends, to be copied elsewhere.
    """
    after = request.GET.get("after", "")
    shown, last = queries.page_of_events(queries.events(), after)
    facts = {
        "events": shown,
        "roles": queries.role_names(),
        "next": last,
        "anchors": [] if after else newest(),
    }
    return render(request, "setup/security.html", facts)

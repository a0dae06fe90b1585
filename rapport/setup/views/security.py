"""The security diary."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rapport.accounts import queries
from rapport.accounts.request import Request
from rapport.records.changes.anchoring import newest
from rapport.setup.access import owners_only

PAGE = 100


@owners_only
@never_cache
@require_safe
def security(request: Request) -> HttpResponse:
    """Show a page of the diary, newest first; `after` is the last line of the page before.

    The first page also shows where the sealed change log ends, to be copied elsewhere.
    """
    lines = queries.events()
    after = _key(request.GET.get("after", ""))
    if after:
        lines = lines.filter(id__lt=after)
    shown = list(lines[: PAGE + 1])
    has_more = len(shown) > PAGE
    facts = {
        "events": shown[:PAGE],
        "roles": queries.role_names(),
        "next": shown[PAGE - 1].pk if has_more else None,
        "anchors": newest() if after is None else [],
    }
    return render(request, "setup/security.html", facts)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

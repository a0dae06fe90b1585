"""Which quotes have to be approved, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions
from rapport.accounts.request import Request
from rapport.records.surfaces.pages import page_context
from rapport.sales.actions import change_approval_rules
from rapport.sales.models.approval import MEASURES
from rapport.setup.access import owners_only
from rapport.setup.approval_form import STEPS, Row, choices, posted_rows, read_rows, stored_rows
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: Request) -> HttpResponse:
    """Show the rules for approval; a post changes them."""
    if request.method != "POST":
        return _page(request, stored_rows(), [])
    rows = posted_rows(request.POST)
    rules, faults = read_rows(rows, page_context(request))
    if faults:
        return _page(request, rows, faults)
    change_approval_rules(rules, actions.actor_of(request))
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_approvals")


def _page(request: Request, rows: Sequence[Row], faults: Sequence[str]) -> HttpResponse:
    blank: Row = {"measure": "", "limit": "", "steps": []}
    drawn = [{**row, "steps": [*row["steps"], *[""] * STEPS][:STEPS]} for row in [*rows, blank]]
    facts = {"rows": drawn, "faults": faults, "measures": MEASURES.items(), "choices": choices()}
    return render(request, "setup/approvals.html", facts, status=INVALID if faults else 200)

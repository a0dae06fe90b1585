"""Making the log forget what was personal about one record, on somebody's request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records.changes.forgetting import check_forgetting, forget, forgettable
from rapport.records.declare import Object
from rapport.records.store import Missing, Rejected
from rapport.records.surfaces.redirects import send_to
from rapport.records.surfaces.seen import look_at
from rapport.ui.toasts import toast_after_redirect


@require_http_methods(["GET", "POST"])
def forget_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Say what would be lost, and ask for the reason; then blank it, for good."""
    check_forgetting(request.principal, declaration.name)
    seen = look_at(request, declaration, record_id, [declaration.title])
    reason = request.POST.get("reason", "")
    facts = {
        "declaration": declaration,
        "seen": seen,
        "rows": forgettable(declaration.name, record_id),
        "reason": reason,
    }
    if request.method == "GET":
        return render(request, "records/history/forget.html", facts)
    try:
        made = forget(request.principal, declaration.name, record_id, reason)
    except Rejected as fault:
        facts["fault"] = fault.fields["reason"]
        return render(request, "records/history/forget.html", facts, status=422)
    except Missing as fault:
        toast_after_redirect(request, str(fault), is_error=True)
        return send_to(request, f"{seen.url}history/")
    text = ngettext("%(n)d change forgotten", "%(n)d changes forgotten", made.rows)
    toast_after_redirect(request, text % {"n": made.rows})
    return send_to(request, f"{seen.url}history/")

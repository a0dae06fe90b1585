"""One token as an agent's: how often it may ask, what it has used, and what it did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records.models import AgentTerms
from rapport.records.surfaces.agents.budget import spent
from rapport.setup.token_forms import LIMITS, limit_field, scope_words
from rapport.setup.views.tokens import tokens_seen
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


class BudgetForm(forms.Form):
    """How often an agent may ask; empty: as often as it likes."""

    calls_per_hour = limit_field("calls_per_hour")
    calls_per_day = limit_field("calls_per_day")
    writes_per_hour = limit_field("writes_per_hour")
    writes_per_day = limit_field("writes_per_day")


@admits("staff")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: Request, token_id: UUID) -> HttpResponse:
    """Show a token that one sees, and set its budget."""
    token = get_object_or_404(tokens_seen(request), pk=token_id)
    terms = AgentTerms.objects.filter(pk=token.pk).first() or AgentTerms(token=token)
    if request.method != "POST":
        return _page(request, token, terms, BudgetForm(initial=_limits(terms)))
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, token, terms, form, INVALID)
    AgentTerms.objects.update_or_create(token=token, defaults=form.cleaned_data)
    toast_after_redirect(request, _("The limits are saved."))
    return redirect("setup_token", token.pk)


def _page(
    request: Request, token: Any, terms: AgentTerms, form: BudgetForm, status: int = 200
) -> HttpResponse:
    used = spent(token.pk)
    rows = [(label, getattr(used, name), getattr(terms, name)) for name, label in LIMITS.items()]
    facts = {
        "token": token,
        "told": scope_words(token.scopes or {}),
        "form": form,
        "rows": rows,
        "proposes": terms.proposes,
        "may_see_reads": request.principal.administers,
        "is_mine": token.user_id == request.user.pk,
    }
    return render(request, "setup/agent.html", facts, status=status)


def _limits(terms: AgentTerms) -> dict[str, int | None]:
    return {name: getattr(terms, name) for name in LIMITS}

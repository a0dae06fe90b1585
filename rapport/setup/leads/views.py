"""Rules of leads: the list, one of them, the targets, and what would become of a lead."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.models import LeadRule, LeadSettings
from rapport.contacts.queries import decision_drawn
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, from_json, sentence
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.setup.access import administrators_only
from rapport.setup.leads.forms import AnswersForm, RuleForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

LATEST = 50


@administrators_only
@never_cache
@require_safe
def rules(request: Request) -> HttpResponse:
    """The rules in their order, and how soon leads are to be answered."""
    context = page_context(request)
    names = {str(key): name for key, name in User.objects.values_list("pk", "name")}
    found = LeadRule.objects.select_related("team", "role")
    shown = [_shown(rule, names, context) for rule in found]
    return render(request, "setup/leads.html", {"rules": shown, "settings": LeadSettings.present()})


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for a rule; a post adds it behind the others."""
    return _edit(request, None)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Show a rule; a post changes it."""
    return _edit(request, get_object_or_404(LeadRule, pk=rule_id))


@administrators_only
@require_POST
def move(request: Request, rule_id: UUID) -> HttpResponse:
    """Have it tried earlier, or later."""
    found = get_object_or_404(LeadRule, pk=rule_id)
    actions.move_rule(found, up="up" in request.POST, by=actor_of(request))
    return redirect("setup_leads")


@administrators_only
@require_POST
def remove(request: Request, rule_id: UUID) -> HttpResponse:
    """Try it no more."""
    found = get_object_or_404(LeadRule, pk=rule_id)
    actions.remove_rule(found, actor_of(request))
    toast_after_redirect(request, _("“%(name)s” is gone.") % {"name": found.name})
    return redirect("setup_leads")


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: Request) -> HttpResponse:
    """How soon leads are to be answered; a post changes it."""
    form = AnswersForm(request.POST or None, LeadSettings.present())
    if request.method == "POST" and form.is_valid():
        actions.keep_targets(form.facts(), actor_of(request))
        toast_after_redirect(request, _("Saved. It holds for leads that come from now on."))
        return redirect("setup_leads")
    status = INVALID if request.method == "POST" else 200
    return render(request, "setup/lead_answers.html", {"form": form}, status=status)


@administrators_only
@never_cache
@require_safe
def try_out(request: Request) -> HttpResponse:
    """Which rule would take one of the latest leads now; nothing changes."""
    leads = access.rows(request.principal, "lead").order_by("-created_at", "-id")
    latest = list(leads.values_list("pk", "person__name")[:LATEST])
    chosen = next((key for key, _name in latest if str(key) == request.GET.get("lead")), None)
    facts: dict[str, Any] = {"leads": latest, "chosen": chosen}
    if chosen:
        facts["steps"] = decision_drawn(actions.try_lead(chosen).steps)
        facts["url"] = registry.get("lead").url(chosen)
    return render(request, "setup/lead_try.html", facts)


def _edit(request: Request, found: LeadRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, found, page_context(request))
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        toast_after_redirect(request, _("Saved."))
        return redirect("setup_leads")
    status = INVALID if request.method == "POST" else 200
    return render(request, "setup/lead_rule.html", {"form": form, "rule": found}, status=status)


def _kept(request: Request, found: LeadRule | None, form: RuleForm) -> bool:
    """Whether it was kept; else the faults are in the form."""
    try:
        if found is None:
            actions.add_rule(form.facts(), actor_of(request))
        else:
            actions.change_rule(found, form.facts(), actor_of(request))
    except Rejected as refused:
        for name, said in refused.fields.items():
            form.add_error(name, said)
        return False
    return True


def _shown(found: LeadRule, names: dict[str, str], context: Context) -> dict[str, Any]:
    people = [names[key] for key in found.users if key in names]
    return {
        "rule": found,
        "when": _when(found, context),
        "people": [*people, *filter(None, (found.team and found.team.name,
                   found.role and str(found.role)))],
    }  # fmt: skip


def _when(found: LeadRule, context: Context) -> str:
    if not found.condition:
        return _("All leads")
    try:
        return sentence(from_json(found.condition), registry.get("lead"), context)
    except ConditionError as problem:
        return str(problem)

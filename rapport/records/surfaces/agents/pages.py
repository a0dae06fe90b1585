"""Pages on which somebody sees what his agents propose, and decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records.models import AgentPlan
from rapport.records.surfaces.agents.plans import (
    LONGEST_COMMENT,
    Decided,
    StepsFailed,
    approve,
    reject,
    show_steps,
)
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import toast_after_redirect

MOST = 100
CONFLICT = 409


@never_cache
@require_GET
def show_plans(request: Request) -> HttpResponse:
    """What one's agents propose, and what became of it; the newest first."""
    plans = _mine(request).select_related("token")[:MOST]
    return render(request, "records/agents/plans.html", {"plans": plans})


@never_cache
@require_GET
def show_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """One plan with each step as it would be, while it waits."""
    return _page(request, _plan(request, plan_id))


@require_POST
def decide_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """Approve the ticked steps, or reject the plan with a comment."""
    plan = _plan(request, plan_id)
    try:
        if request.POST.get("do") == "reject":
            reject(plan, request.POST.get("comment", ""), request.principal)
            toast_after_redirect(request, _("The plan is rejected. The agent is told."))
        else:
            _approve(request, plan)
    except Decided as reason:
        return _page(request, _plan(request, plan_id), said=str(reason))
    except StepsFailed as failed:
        said = _("Nothing was done: some steps can't be done now. Untick them, or reject the plan.")
        chosen = _ticked(request) - failed.faults.keys()
        return _page(request, plan, said=said, faults=failed.faults, chosen=chosen)
    return HttpResponseRedirect(f"/plans/{plan.pk}/")


def _approve(request: Request, plan: AgentPlan) -> None:
    chosen, seen = _ticked(request), request.POST.get("seen", "")
    steps = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 4 else -1
    made = approve(plan, chosen, steps, page_context(request))
    done = ngettext("%(n)d step is done.", "%(n)d steps are done.", len(chosen))
    toast_after_redirect(request, done % {"n": len(chosen)}, undo_url=f"/undo/{made}/")


def _ticked(request: Request) -> set[int]:
    """The places of ticked steps; what no box of ours sends is left out."""
    sent = request.POST.getlist("step")
    return {int(one) for one in sent if one.isascii() and one.isdecimal() and len(one) < 4}


def _mine(request: Request) -> QuerySet[AgentPlan]:
    mine = AgentPlan.objects.filter(user=request.principal.user_id)
    return mine.exclude(steps=[]).order_by("-id")


def _plan(request: Request, plan_id: UUID) -> AgentPlan:
    """One's own plan. Raises Http404."""
    return get_object_or_404(_mine(request).select_related("token"), pk=plan_id)


def _page(
    request: Request,
    plan: AgentPlan,
    *,
    said: str = "",
    faults: Mapping[int, str] | None = None,
    chosen: Collection[int] | None = None,
) -> HttpResponse:
    shown = show_steps(plan, page_context(request)) if plan.is_open else []
    usual = {one.place for one in shown if not one.fault}
    facts = {
        "plan": plan,
        "shown": shown,
        "chosen": usual if chosen is None else chosen,
        "faults": faults or {},
        "said": said,
        "most_comment": LONGEST_COMMENT,
    }
    status = CONFLICT if said else 200
    return render(request, "records/agents/plan.html", facts, status=status)

"""Approval of a quote: the card on its page, what is done there, and who has to decide on what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_short_moment
from rapport.records import access
from rapport.records.compiled import Answers, Ask
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.sales.actions import ask_approval, decide_approval, hand_on_approval, may_decide
from rapport.sales.models import Quote, QuoteApproval
from rapport.sales.models.approval import APPROVALS
from rapport.sales.parts.approval import (
    Standing,
    compiled_rules,
    read_broken,
    reasons_for,
    standings,
    stood_in_for,
)
from rapport.ui.toasts import toast_after_redirect

TONES = {"waiting": "info", "approved": "good", "declined": "bad"}
MOST = 200


def ask_rules(principal: Principal, quote: Quote) -> Mapping[str, Ask]:
    """Whether there is anything that a draft could break."""
    is_open = quote.state == "draft" and not quote.deleted_at
    return {"rules": Ask(compiled_rules(), {})} if is_open else {}


def approval_panel(request: Request, quote: Quote, answers: Answers) -> str:
    """What a draft breaks, who approves it, and what was decided so far."""
    standing = standings([quote.pk]).get(quote.pk) if answers.get("rules") else None
    if standing is None or standing.state == "none":
        return ""
    return render_to_string(
        "sales/quotes/_approval.html", _facts(request, quote, standing), request
    )


def _facts(request: Request, quote: Quote, standing: Standing) -> dict[str, Any]:
    principal, step = request.principal, standing.current
    mine = step is not None and may_decide(principal, step, quote.owner_id)
    may_hand_on = mine or (step is not None and principal.is_staff and principal.administers)
    users = User.objects.filter(is_active=True, is_service=False).order_by("name", "pk")
    own = [one for one in (quote.owner_id, step.asked_by_id if step else None) if one]
    may_edit = bool(access.reachable(principal, "quote", [quote.pk], "edit"))
    return {
        "quote": quote, "standing": standing, "mine": mine,
        "reasons": reasons_for(principal, standing.broken),
        "steps": [_step(request, one) for one in standing.steps],
        "may_ask": may_edit and standing.state in ("needed", "declined"),
        "colleagues": users.exclude(pk__in=own)[:MOST] if may_hand_on else [],
    }  # fmt: skip


def _step(request: Request, step: QuoteApproval) -> dict[str, Any]:
    names = User.objects.filter(pk__in=step.users).order_by("name").values_list("name", flat=True)
    return {
        "who": step.decided_by.name if step.decided_by else ", ".join(names[:5]),
        "state": APPROVALS[step.state], "tone": TONES[step.state], "comment": step.comment,
        "at": _moment(request, step.decided_at or step.asked_at),
    }  # fmt: skip


def _moment(request: Request, at: datetime) -> str:
    context = page_context(request)
    return format_short_moment(at.astimezone(context.timezone), context.language, None)


@require_POST
def act_on_approval(request: Request, record_id: UUID) -> HttpResponse:
    """Ask for approval, give or refuse it, or hand it on. Raises Denied, Missing."""
    try:
        said = act(request.principal, record_id, request.POST.dict())
    except Rejected as refused:
        facts = {"said": " ".join(refused.fields.values()), "back": f"/quotes/{record_id}/"}
        return render(request, "sales/quotes/approval_refused.html", facts, status=422)
    toast_after_redirect(request, said)
    return redirect(f"/quotes/{record_id}/")


def act(principal: Principal, record_id: UUID, asked: dict[str, str], *, via: str = "web") -> str:
    """Do what is asked and say so. Raises Denied, Missing, Rejected."""
    decision, comment = asked.get("decision", ""), asked.get("comment", "")
    if decision == "ask":
        ask_approval(principal, record_id, via=via)
        return _("Whoever approves it was told.")
    if decision == "hand_on":
        hand_on_approval(principal, record_id, _key(asked.get("to", "")), via=via)
        return _("Somebody else decides on it now.")
    if decision not in ("approved", "declined"):
        raise Rejected({"decision": _("Say whether you approve the quote.")})
    decide_approval(principal, record_id, decision, comment, via=via)
    return _("Your decision is noted.")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def waiting_for(principal: Principal) -> QuerySet[QuoteApproval]:
    """The steps that somebody has to decide now, of quotes he sees, the oldest first."""
    user = principal.user_id
    if user is None or not principal.is_staff:
        return QuoteApproval.objects.none()
    users = [user, *stood_in_for(user)]
    before = QuoteApproval.objects.filter(
        asked=OuterRef("asked"), position__lt=OuterRef("position")
    ).exclude(state="approved")
    declined = QuoteApproval.objects.filter(asked=OuterRef("asked"), state="declined")
    quotes = access.rows(principal, "quote").filter(state="draft").order_by()
    own = Q(quote__owner=user) | Q(asked_by=user)
    found = QuoteApproval.objects.filter(
        ~Exists(before), ~Exists(declined), state="waiting", users__overlap=users, quote__in=quotes
    )
    return found.filter(Q(users__contains=[user]) | ~own).order_by("asked_at", "pk")


@never_cache
@require_GET
def list_approvals(request: Request) -> HttpResponse:
    """What waits for the approval of whoever asks."""
    access.check(request.principal, "view", "quote")
    steps = waiting_for(request.principal).select_related("quote__company", "asked_by")
    rows = [told_step(request, one) for one in steps[:MOST]]
    return render(request, "sales/quotes/approvals.html", {"rows": rows})


def told_step(request: Request, step: QuoteApproval) -> dict[str, Any]:
    """A step in the words of whoever has to decide."""
    principal = request.principal
    quote = step.quote
    hidden = access.unread(principal, "quote", "name", "number")
    titles = [getattr(quote, name) for name in ("number", "name") if name not in hidden]
    broken = [read_broken(one) for one in step.broken]
    return {
        "step": step, "title": ", ".join(one for one in titles if one) or _("Quote"),
        "reasons": reasons_for(principal, broken),
        "at": _moment(request, step.asked_at),
        "by": step.asked_by.name if step.asked_by else "",
    }  # fmt: skip

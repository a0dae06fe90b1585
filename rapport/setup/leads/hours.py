"""When people work and when they are away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import Refused, actor_of
from rapport.accounts.actions.working_time import (
    add_absence,
    forget_hours,
    keep_hours,
    remove_absence,
)
from rapport.accounts.forms.absences import AbsenceForm, colleagues
from rapport.accounts.models import Absence, User, WorkingTime
from rapport.accounts.request import Request
from rapport.setup.access import administrators_only
from rapport.setup.leads.forms import HoursForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: Request) -> HttpResponse:
    """The week of the firm, or of the colleague in the address; a post changes it."""
    user = _user(request.GET.get("user", ""))
    row = WorkingTime.objects.filter(user=user).first()
    form = HoursForm(request.POST or None, row, of_firm=user is None)
    if request.method != "POST":
        return _page(request, user, form, AbsenceForm())
    if user is not None and "forget" in request.POST:
        forget_hours(user, actor_of(request))
    elif form.is_valid():
        given = form.cleaned_data
        keep_hours(user, form.week(), given.get("closed", ()), actor_of(request),
                   keeps_holidays=given.get("keeps_holidays", True))  # fmt: skip
    else:
        return _page(request, user, form, AbsenceForm(), INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect(reverse("setup_hours") + (f"?user={user.pk}" if user else ""))


@administrators_only
@require_POST
def absences(request: Request) -> HttpResponse:
    """Note that somebody is away."""
    form = AbsenceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_absence(
                get_object_or_404(User, pk=given["user"]), given["first_day"], given["last_day"],
                _user(given["deputy"]), actor_of(request),
            )  # fmt: skip
            toast_after_redirect(request, _("Saved."))
            return redirect("setup_hours")
        except Refused as refused:
            form.add_error(None, str(refused))
    row = WorkingTime.objects.filter(user=None).first()
    return _page(request, None, HoursForm(None, row, of_firm=True), form, INVALID)


@administrators_only
@require_POST
def remove(request: Request, absence_id: UUID) -> HttpResponse:
    """Forget an absence."""
    remove_absence(absence_id, actor_of(request))
    return redirect("setup_hours")


def _user(text: str) -> User | None:
    known = dict(colleagues())
    return get_object_or_404(User, pk=text) if text in known else None


def _page(
    request: Request, user: User | None, form: HoursForm, absence: AbsenceForm, status: int = 200
) -> HttpResponse:
    away = Absence.objects.select_related("user", "deputy")
    own = WorkingTime.objects.exclude(user=None).values_list("user_id", flat=True)
    facts = {
        "form": form, "absence_form": absence, "user": user, "colleagues": colleagues(),
        "absences": away.filter(last_day__gte=timezone.localdate()), "own": set(map(str, own)),
    }  # fmt: skip
    return render(request, "setup/hours.html", facts, status=status)

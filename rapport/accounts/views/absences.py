"""When I am away, and those who report to me."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import Refused, actor_of
from rapport.accounts.actions.working_time import add_absence, remove_absence
from rapport.accounts.forms.absences import AbsenceForm
from rapport.accounts.models import Absence, User
from rapport.accounts.queries import spoken_for
from rapport.accounts.request import Request
from rapport.accounts.views.sign_in import INVALID
from rapport.ui.toasts import toast_after_redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: Request) -> HttpResponse:
    """The page; a post notes an absence."""
    people = spoken_for(request.user)
    form = AbsenceForm(request.POST if request.method == "POST" else None, people)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, people, INVALID if form.is_bound else 200)
    given = form.cleaned_data
    deputy = User.objects.get(pk=given["deputy"]) if given["deputy"] else None
    user = next(one for one in people if str(one.pk) == given["user"])
    try:
        add_absence(user, given["first_day"], given["last_day"], deputy, actor_of(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, people, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("account_absences")


@require_POST
def remove(request: Request, absence_id: UUID) -> HttpResponse:
    """Forget an absence."""
    people = [one.pk for one in spoken_for(request.user)]
    found = get_object_or_404(Absence, pk=absence_id, user__in=people)
    remove_absence(found.pk, actor_of(request))
    return redirect("account_absences")


def _page(request: Request, form: AbsenceForm, people: list[User], status: int) -> HttpResponse:
    away = Absence.objects.filter(user__in=people, last_day__gte=timezone.localdate())
    facts = {"form": form, "absences": away.select_related("user", "deputy")}
    return render(request, "accounts/absences.html", facts, status=status)

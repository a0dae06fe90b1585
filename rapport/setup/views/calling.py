"""In which hours people are called."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.activities.actions import keep_call_rules
from rapport.activities.models import CallPattern, CallRules
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.setup.week_form import WeekForm
from rapport.ui.toasts import toast_after_redirect


class CallingForm(WeekForm):
    """The hours of a week, and whether holidays are kept."""

    def __init__(self, data: Any, rules: CallRules) -> None:
        week = {int(day): spans for day, spans in rules.week.items()}
        super().__init__(data, week, keeps_holidays=rules.keeps_holidays)
        self.fields["keeps_holidays"] = forms.BooleanField(
            label=_("Nobody is called on a public holiday of his country"), required=False
        )


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calling(request: Request) -> HttpResponse:
    """The hours, and from how many calls the best time is learned; a post changes the hours."""
    form = CallingForm(request.POST or None, CallRules.present())
    if request.method == "POST" and form.is_valid():
        keeps = form.cleaned_data["keeps_holidays"]
        keep_call_rules(form.week(), keeps_holidays=keeps, by=actor_of(request))
        toast_after_redirect(request, _("Saved."))
        return redirect("setup_calling")
    learned = CallPattern.objects.filter(country="").values_list("tried", "answered").first()
    facts = {"form": form, "learned": learned}
    status = INVALID if form.is_bound else 200
    return render(request, "setup/calling.html", facts, status=status)

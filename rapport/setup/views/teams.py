"""Teams: who sees whose records where a role says "team"."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.models import Team
from rapport.accounts.request import Request
from rapport.records.layouts.saving import drop_layouts, layouts_of
from rapport.setup.access import administrators_only
from rapport.setup.forms import TeamForm
from rapport.setup.trying import would_break
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: Request) -> HttpResponse:
    """List the teams; a post makes a new one."""
    form = TeamForm(request.POST or None)
    if not form.is_valid():
        return _list(request, form, INVALID if form.is_bound else 200)
    given = form.cleaned_data
    try:
        by = actions.actor_of(request)
        actions.create_team(given["name"], given["members"], by, _parent(given))
    except ValidationError as faults:
        form.add_error(None, faults)
        return _list(request, form, INVALID)
    toast_after_redirect(request, _("The team %(name)s is made.") % given)
    return redirect("setup_teams")


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: Request, team_id: UUID) -> HttpResponse:
    """Show one team; a post changes its name and people."""
    chosen = get_object_or_404(Team, pk=team_id)
    if request.method != "POST":
        members = [str(pk) for pk in chosen.memberships.values_list("user_id", flat=True)]
        above = str(chosen.parent_id or "")
        form = TeamForm(initial={"name": chosen.name, "parent": above, "members": members})
        return _page(request, chosen, form)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _page(request, chosen, form, INVALID)
    given, by = form.cleaned_data, actions.actor_of(request)

    def change(team: Team) -> None:
        actions.change_team(team, given["name"], given["members"], by, _parent(given))

    try:
        # Another copy of it: what was only tried must not stand in this one.
        if broken := would_break(request.POST, lambda: change(Team.objects.get(pk=team_id))):
            return _page(request, chosen, form, INVALID, broken)
        change(chosen)
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, get_object_or_404(Team, pk=team_id), form, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_team", team_id)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, team_id: UUID) -> HttpResponse:
    """Ask, naming what is lost; a post removes the team."""
    chosen = get_object_or_404(queries.teams(), pk=team_id)
    if request.method != "POST":
        facts = {"team": chosen, "layouts": layouts_of(chosen).count()}
        return render(request, "setup/team_delete.html", facts)
    with transaction.atomic():
        drop_layouts(request.principal, chosen)
        actions.delete_team(chosen, actions.actor_of(request))
    toast_after_redirect(request, _("The team %(name)s is gone.") % {"name": chosen.name})
    return redirect("setup_teams")


def _parent(given: Mapping[str, Any]) -> Team | None:
    return Team.objects.get(pk=given["parent"]) if given["parent"] else None


def _list(request: Request, form: Form, status: int = 200) -> HttpResponse:
    facts = {"teams": queries.nested_teams(), "form": form}
    return render(request, "setup/teams.html", facts, status=status)


def _page(
    request: Request, chosen: Team, form: Form, status: int = 200, broken: Sequence[str] = ()
) -> HttpResponse:
    facts = {"team": chosen, "form": form, "broken": broken}
    return render(request, "setup/team.html", facts, status=status)

"""Seeing the product as a colleague sees it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.actions import actor_of
from rapport.accounts.factors.recent import asks_for_proof
from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.viewing.sessions import LIFE_SECONDS, begin_viewing, may_view_as
from rapport.setup.access import administrators_only


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def view_as(request: Request, user_id: UUID) -> HttpResponse:
    """Say what it means; a post begins it."""
    person = get_object_or_404(User.objects.select_related("role"), pk=user_id)
    by = actor_of(request)
    if not may_view_as(by, person):
        raise Http404
    if request.method != "POST":
        facts = {"person": person, "minutes": LIFE_SECONDS // 60}
        return render(request, "setup/user_view.html", facts)
    begin_viewing(request, person, by)
    return redirect("/")

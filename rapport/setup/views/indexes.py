"""Which indexes the firm's own views lack, and building and dropping them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records.advice.advising import SIZE, advice
from rapport.records.advice.building import build_later, drop_later
from rapport.records.surfaces.redirects import send_to
from rapport.setup.access import owners_only
from rapport.setup.views.users import INVALID

VERBS = {"build": build_later, "drop": drop_later}


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def indexes(request: Request) -> HttpResponse:
    """Show what would serve and what was built; a post has the worker build one or drop it."""
    if request.method != "POST":
        return _page(request)
    act = VERBS.get(request.POST.get("do", ""))
    names = {one.served.name for one in advice()}
    if act is None or request.POST.get("name") not in names:
        return _page(request, _("This index is not advised any more."), INVALID)
    job = act(request.principal, request.POST["name"])
    return send_to(request, f"/jobs/{job.pk}/")


def _page(request: Request, fault: str = "", status: int = 200) -> HttpResponse:
    shown = {"advice": advice(), "size": SIZE, "fault": fault}
    return render(request, "setup/indexes.html", shown, status=status)

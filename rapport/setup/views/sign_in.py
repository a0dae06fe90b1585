"""How colleagues sign in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions
from rapport.accounts.factors.actions import change_rules
from rapport.accounts.factors.forms import RulesForm
from rapport.accounts.factors.queries import rules
from rapport.accounts.request import Request
from rapport.setup.access import owners_only
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Show who needs a second factor; a post changes it."""
    if request.method != "POST":
        return _page(request, RulesForm(initial={"roles": rules()}))
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, INVALID)
    change_rules(form.cleaned_data["roles"], actions.actor_of(request))
    toast_after_redirect(request, _("Saved. It holds from everybody's next sign-in."))
    return redirect("setup_sign_in")


def _page(request: Request, form: RulesForm, status: int = 200) -> HttpResponse:
    return render(request, "setup/sign_in.html", {"form": form}, status=status)

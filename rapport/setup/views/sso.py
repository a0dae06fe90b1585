"""Single sign-on."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.accounts.sso.actions import change_provider, remove_provider
from rapport.accounts.sso.queries import provider
from rapport.accounts.sso.views import back_address, leave_address
from rapport.setup.access import owners_only
from rapport.setup.sso_forms import ProviderForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def sso(request: Request) -> HttpResponse:
    """Show the provider; a post changes it once it has answered."""
    if request.method != "POST":
        return _page(request, ProviderForm.of(provider()))
    form = ProviderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, INVALID)
    try:
        change_provider(form.values(), form.cleaned_data["secret"] or None, actor_of(request))
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, INVALID)
    toast_after_redirect(request, _("Saved. The provider has answered; try it in another browser."))
    return redirect("setup_sso")


@owners_only
@require_POST
def remove(request: Request) -> HttpResponse:
    """Sign nobody in by it any more."""
    remove_provider(actor_of(request))
    toast_after_redirect(request, _("There is no single sign-on any more."))
    return redirect("setup_sso")


def _page(request: Request, form: ProviderForm, status: int = 200) -> HttpResponse:
    facts = {
        "form": form,
        "is_set": provider() is not None,
        "back": back_address(request),
        "leave": leave_address(request),
    }
    return render(request, "setup/sso.html", facts, status=status)

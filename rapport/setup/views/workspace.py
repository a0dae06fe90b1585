"""The firm's defaults."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.request import Request
from rapport.setup.access import owners_only
from rapport.setup.forms import WorkspaceForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def workspace(request: Request) -> HttpResponse:
    """Show the defaults; a post changes them."""
    if request.method != "POST":
        present = queries.workspace()
        initial = {name: getattr(present, name) for name in WorkspaceForm.base_fields}
        return _page(request, WorkspaceForm(initial=initial))
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        return _page(request, form, INVALID)
    try:
        actions.change_workspace(form.cleaned_data, actions.actor_of(request))
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_workspace")


def _page(request: Request, form: Form, status: int = 200) -> HttpResponse:
    return render(request, "setup/workspace.html", {"form": form}, status=status)

"""How documents of the firm look."""

import base64

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.logos import ending_of
from rapport.accounts.request import Request
from rapport.setup.access import owners_only
from rapport.setup.letterhead_forms import LetterheadForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: Request) -> HttpResponse:
    """Show how documents look; a post changes it."""
    if request.method != "POST":
        present = queries.letterhead()
        names = ("address", "foot", "payment_days", "color")
        initial = {name: getattr(present, name) for name in names}
        return _page(request, LetterheadForm(initial=initial))
    form = LetterheadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, INVALID)
    try:
        actions.change_letterhead(form.wanted(), actions.actor_of(request))
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_letterhead")


def _page(request: Request, form: LetterheadForm, status: int = 200) -> HttpResponse:
    logo = bytes(queries.letterhead().logo)
    shown = f"data:image/{ending_of(logo)};base64,{base64.b64encode(logo).decode()}" if logo else ""
    return render(request, "setup/letterhead.html", {"form": form, "logo": shown}, status=status)

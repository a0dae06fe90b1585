"""Roles: the matrix of what they may do."""

from collections.abc import Sequence

from django.forms import Form
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.models import Role
from rapport.accounts.request import Request
from rapport.records.surfaces.pages import page_context
from rapport.setup import matrix, role_rules
from rapport.setup.access import owners_only
from rapport.setup.forms import NewRoleForm
from rapport.setup.trying import would_break
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: Request) -> HttpResponse:
    """Open the first role; a post makes a new one like another."""
    if request.method != "POST":
        return redirect("setup_role", queries.roles()[0].key)
    form = NewRoleForm(request.POST)
    shown = get_object_or_404(Role, key=request.POST.get("like", ""))
    if not form.is_valid():
        return _page(request, shown, form, INVALID)
    try:
        made = actions.create_role(
            form.cleaned_data["name"],
            get_language() or "en",
            shown,
            actions.actor_of(request),
        )
    except actions.Refused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, shown, form, INVALID)
    toast_after_redirect(request, _("The role is made. Say what it may do."))
    return redirect("setup_role", made.key)


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: Request, key: str) -> HttpResponse:
    """Show the matrix of one role; a post changes it."""
    shown = get_object_or_404(Role, key=key)
    if request.method != "POST":
        return _page(request, shown, NewRoleForm(initial={"like": key}))
    try:
        wanted = matrix.posted(shown, request.POST)
    except ValueError:
        return HttpResponseBadRequest(_("There is no such scope."))
    rules, typed = role_rules.read(shown, wanted, request.POST, page_context(request))
    if any(line.fault for line in typed):
        return _page(request, shown, NewRoleForm(initial={"like": key}), INVALID, typed)
    by = actions.actor_of(request)

    def change() -> None:
        actions.change_grants(shown, wanted, by, rules)

    try:
        if broken := would_break(request.POST, change):
            form = NewRoleForm(initial={"like": key})
            return _page(request, shown, form, INVALID, typed, broken)
        change()
    except ValueError:
        return HttpResponseBadRequest(_("There is no such scope."))
    except actions.Refused as refusal:
        toast_after_redirect(request, str(refusal), is_error=True)
    else:
        toast_after_redirect(request, _("Saved. It holds from the next click of everybody."))
    return redirect("setup_role", key)


@owners_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, key: str) -> HttpResponse:
    """Ask; a post removes a role nobody holds."""
    shown = get_object_or_404(Role, key=key)
    if request.method != "POST":
        return render(request, "setup/role_delete.html", {"role": shown})
    try:
        actions.delete_role(shown, actions.actor_of(request))
    except actions.Refused as refusal:
        toast_after_redirect(request, str(refusal), is_error=True)
        return redirect("setup_role", key)
    toast_after_redirect(request, _("The role %(name)s is gone.") % {"name": shown})
    return redirect("setup_roles")


def _page(
    request: Request,
    shown: Role,
    form: Form,
    status: int = 200,
    typed: Sequence[role_rules.RuleLine] | None = None,
    broken: Sequence[str] = (),
) -> HttpResponse:
    facts = {
        "roles": queries.roles(),
        "role": shown,
        "people": queries.holders_of(shown),
        "rows": matrix.rows(shown, None if typed is None else request.POST),
        "actions": matrix.LABELS.values(),
        "rules": _rules(request, shown) if typed is None else typed,
        "is_fixed": shown.key == "owner",
        "form": form,
        "broken": broken,
    }
    return render(request, "setup/roles.html", facts, status=status)


def _rules(request: Request, shown: Role) -> Sequence[role_rules.RuleLine]:
    return role_rules.lines(shown, page_context(request), request.GET.dict())

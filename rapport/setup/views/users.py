"""Users: invite, place, shut out, let in again, hand out links."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions, queries
from rapport.accounts.actions.emails import change_email
from rapport.accounts.addresses import site_of
from rapport.accounts.factors.actions import reset_factors
from rapport.accounts.factors.queries import factors_of
from rapport.accounts.forms import EmailForm
from rapport.accounts.models import OneTimeLink, User
from rapport.accounts.request import Request
from rapport.accounts.viewing.sessions import may_view_as
from rapport.records.sharing import count_left, take_over
from rapport.setup.access import administrators_only, owners_only
from rapport.setup.forms import InviteForm, UserForm
from rapport.setup.trying import would_break
from rapport.ui.toasts import toast_after_redirect

INVALID = 422


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def users(request: Request) -> HttpResponse:
    """List everybody; a post invites one more."""
    if request.method != "POST":
        return _list(request, InviteForm())
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _list(request, form, INVALID)
    given, by = form.cleaned_data, actions.actor_of(request)
    try:
        invited, secret = actions.invite(
            given["email"], given["name"], given["role"], by, teams=given["teams"]
        )
    except ValidationError as faults:
        form.add_error(None, faults)
        return _list(request, form, INVALID)
    if secret:
        return _copy_link(request, invited, OneTimeLink.Purpose.INVITATION, secret)
    toast_after_redirect(request, _("An invitation goes to %(email)s.") % {"email": invited.email})
    return redirect("setup_users")


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: Request, user_id: UUID) -> HttpResponse:
    """Show one user; a post changes role, manager and teams."""
    person = _person(user_id)
    if request.method != "POST":
        return _page(request, person, UserForm.of(person))
    form = UserForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form, INVALID)
    given, by = form.cleaned_data, actions.actor_of(request)

    def place(who: User) -> None:
        manager = _person(UUID(given["manager"])) if given["manager"] else None
        actions.place_user(who, given["role"], manager, given["teams"], by, given["further"])

    try:
        # Another copy of the person: what was only tried must not stand in this one.
        if broken := would_break(request.POST, lambda: place(_person(user_id))):
            return _page(request, person, form, INVALID, broken=broken)
        place(person)
    except actions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _person(user_id), form, INVALID)
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_user", user_id)


@administrators_only
@require_POST
def deactivate(request: Request, user_id: UUID) -> HttpResponse:
    """Shut the user out; the toast lets him in again."""
    done = _("%(name)s is shut out. Records, history and teams stay.")
    undo_url = reverse("setup_user_reactivate", args=[user_id])
    return _change(request, user_id, actions.deactivate, done, undo_url)


@owners_only
@require_POST
def take_private(request: Request, user_id: UUID) -> HttpResponse:
    """Make the private records of a user who was shut out one's own."""
    person = _person(user_id)
    try:
        taken = take_over(person, actions.actor_of(request))
    except actions.Refused as refusal:
        toast_after_redirect(request, str(refusal))
        return redirect("setup_user", user_id)
    says = ngettext("%(n)d record is yours now.", "%(n)d records are yours now.", taken)
    toast_after_redirect(request, says % {"n": taken})
    return redirect("setup_user", user_id)


@administrators_only
@require_POST
def reactivate(request: Request, user_id: UUID) -> HttpResponse:
    """Let the user sign in again."""
    return _change(request, user_id, actions.reactivate, _("%(name)s may sign in again."))


@administrators_only
@require_POST
def email(request: Request, user_id: UUID) -> HttpResponse:
    """Give a colleague another address to sign in with."""
    person, form = _person(user_id), EmailForm(request.POST)
    try:
        if form.is_valid():
            change_email(person, form.cleaned_data["email"], actions.actor_of(request))
            toast_after_redirect(request, _("Saved."))
            return redirect("setup_user", user_id)
    except ValidationError as faults:
        form.add_error(None, faults)
    return _page(request, _person(user_id), UserForm.of(person), INVALID, form)


@administrators_only
@require_POST
def reset_factor(request: Request, user_id: UUID) -> HttpResponse:
    """Forget the second factor of somebody who has lost it."""
    done = _("%(name)s signs in without a second factor until a new one is set up.")
    return _change(request, user_id, reset_factors, done)


@administrators_only
@require_POST
def sign_out(request: Request, user_id: UUID) -> HttpResponse:
    """End the user's sessions, but this one, and his tokens if that is ticked."""
    act = partial(
        actions.sign_out_everywhere,
        with_tokens="tokens" in request.POST,
        keep=request.session.digest,
    )
    return _change(request, user_id, act, _("%(name)s is signed out everywhere."))


@administrators_only
@never_cache
@require_POST
def link(request: Request, user_id: UUID) -> HttpResponse:
    """Mail the user a one-time link, or show it to copy."""
    person, by = _person(user_id), actions.actor_of(request)
    purpose = OneTimeLink.Purpose.RESET if person.has_joined else OneTimeLink.Purpose.INVITATION
    if request.POST.get("way") == "copy":
        secret = actions.issue_link(person, purpose, by)
    else:
        secret = actions.deliver_link(person, purpose, by)
    if secret:
        return _copy_link(request, person, purpose, secret)
    toast_after_redirect(request, _("A link goes to %(email)s.") % {"email": person.email})
    return redirect("setup_user", user_id)


def _change(
    request: Request,
    user_id: UUID,
    act: Callable[[User, actions.Actor], None],
    done: str,
    undo_url: str = "",
) -> HttpResponse:
    person = _person(user_id)
    try:
        act(person, actions.actor_of(request))
    except actions.Refused as refusal:
        toast_after_redirect(request, str(refusal), is_error=True)
    else:
        toast_after_redirect(request, done % {"name": person.name}, undo_url)
    if request.htmx:
        # The toast's Undo asks from whatever page it is shown on.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect("setup_user", user_id)


def _person(user_id: UUID) -> User:
    return get_object_or_404(User.objects.select_related("role", "manager"), pk=user_id)


def _copy_link(request: Request, person: User, purpose: str, secret: str) -> HttpResponse:
    facts = {
        "person": person,
        "is_invitation": purpose == OneTimeLink.Purpose.INVITATION,
        "address": site_of(request) + queries.link_path(purpose, secret),
    }
    return render(request, "setup/link.html", facts)


def _list(request: Request, form: Form, status: int = 200) -> HttpResponse:
    facts = {"people": queries.everybody(), "form": form}
    return render(request, "setup/users.html", facts, status=status)


def _page(
    request: Request,
    person: User,
    form: Form,
    status: int = 200,
    email_form: EmailForm | None = None,
    broken: Sequence[str] = (),
) -> HttpResponse:
    facts = {
        "person": person,
        "broken": broken,
        "form": form,
        "email_form": email_form or EmailForm(initial={"email": person.email}),
        "may_change": actions.may_administer(actions.actor_of(request), person),
        "private": count_left(person) if request.principal.is_owner else 0,
        "may_view_as": may_view_as(actions.actor_of(request), person),
        "events": queries.events_of(person)[:20],
        "roles": queries.role_names(),
        "factors": factors_of(person),
    }
    return render(request, "setup/user.html", facts, status=status)

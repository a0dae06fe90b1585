"""The first page of a new installation, and how to start from there."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import actions, queries
from rapport.accounts.actions.sessions import admit
from rapport.accounts.addresses import site_of
from rapport.accounts.forms import WelcomeForm
from rapport.accounts.guesses import guess
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.views.sign_in import INVALID


@admits("anonymous")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Request) -> HttpResponse:
    """Make the owner's account; there is no default password, and no second first time."""
    if queries.has_users():
        return redirect("sign_in")
    guessed = guess(request)
    if request.method != "POST":
        initial = {
            "language": guessed.language,
            "currency": guessed.currency,
            "timezone": guessed.timezone,
        }
        return _page(request, WelcomeForm(initial=initial))
    form = WelcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, INVALID)
    given = form.cleaned_data
    try:
        user = actions.create_owner(
            given["email"],
            given["name"],
            given["password"],
            actions.actor_of(request),
            {
                "name": given["company"],
                "language": given["language"],
                "currency": given["currency"],
                "timezone": given["timezone"],
                "country": guessed.country,
                "first_day_of_week": guessed.first_day_of_week,
                "public_address": site_of(request),
            },
        )
    except actions.Refused:
        return redirect("sign_in")
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, INVALID)
    admit(request, user)
    return redirect("start")


@require_safe
def start(request: Request) -> HttpResponse:
    """Offer a file, sample data or an empty house."""
    return render(request, "accounts/start.html")


def _page(request: Request, form: WelcomeForm, status: int = 200) -> HttpResponse:
    return render(request, "accounts/welcome.html", {"form": form}, status=status)

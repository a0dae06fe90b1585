"""The way back from seeing the product as a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts.actions.actor import actor_of
from rapport.accounts.request import Request
from rapport.accounts.viewing.sessions import end_viewing


@require_POST
def stop(request: Request) -> HttpResponse:
    """See it as oneself again."""
    end_viewing(request, actor_of(request))
    messages.success(request, _("You see Rapport as yourself again."))
    return redirect("/")

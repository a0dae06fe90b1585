"""Whether somebody has proved himself lately: a browser left open is not its owner."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

_KEY = "proved_at"
LIFE_SECONDS = 10 * 60

type View = Callable[..., HttpResponse]


def note_proof(request: HttpRequest) -> None:
    """Remember that the person at this browser has just proved himself."""
    request.session[_KEY] = int(time.time())


def has_proved_lately(request: HttpRequest) -> bool:
    """Whether he did within the last ten minutes."""
    return time.time() - int(request.session.get(_KEY, 0)) < LIFE_SECONDS


def asks_for_proof(view: View) -> View:
    """Lead to the page that asks for password and code, unless they were given lately."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if has_proved_lately(request):
            return view(request, *args, **options)
        back = request.path if request.method in {"GET", "HEAD"} else reverse("account")
        return redirect(f"{reverse('account_confirm')}?{urlencode({'next': back})}")

    return guarded
